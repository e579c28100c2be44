package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a table demands of rows holds for those that streams write, too.
class RulesOfStreamsTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private void table(String columns) {
        session.sql("create table " + name() + " (" + columns + ") using delta");
        session.sql("alter table " + name() + " add constraint small check (amount < 100)");
    }

    @Test
    void appendedRowsGetWhatTheTableMakesOfThem() throws Exception {
        table("id bigint not null, amount int, twice int generated always as (amount * 2), kind string default 'k'");

        append("select 1L as id, 10 as amount", Map.of());

        assertEquals(List.of("[1,10,20,k]"), rows());
    }

    @Test
    void appendedRowsThatBreakARuleEndTheQuery() throws Exception {
        table("id bigint not null, amount int");
        append("select 1L as id, 10 as amount", Map.of());

        assertRefused("DELTA_CONSTRAINT_VIOLATED", () -> append("select 2L as id, 100 as amount", Map.of()));
        assertEquals(List.of("[1,10]"), rows());
    }

    @Test
    void aRuleThatComesWhileRowsAreWrittenHoldsForThem() throws Exception {
        session.sql("create table " + name() + " (id bigint, amount int) using delta");
        String from = directory.resolve("from").toString();
        session.sql("select 1L as id, 10 as amount").write().format("delta").save(from);
        StreamingQuery query = session.readStream()
                .format("delta")
                .load(from)
                .writeStream()
                .format("delta")
                .option("checkpointLocation", from + "-checkpoint")
                .start(directory.resolve("table").toString());
        query.processAllAvailable();
        session.sql("alter table " + name() + " add constraint small check (amount < 100)");
        session.sql("select 2L as id, 20 as amount")
                .write()
                .format("delta")
                .mode("append")
                .save(from);
        query.processAllAvailable();
        session.sql("select 3L as id, 300 as amount")
                .write()
                .format("delta")
                .mode("append")
                .save(from);

        assertRefused("DELTA_CONSTRAINT_VIOLATED", query::processAllAvailable);
        assertEquals(List.of("[1,10]", "[2,20]"), rows());
    }

    @Test
    void appendedRowsBringColumnsWhereTheQuerySaysSo() throws Exception {
        table("id bigint, amount int");
        append("select 1L as id, 10 as amount", Map.of());

        append("select 2L as id, 20 as amount, 'x' as more", Map.of("mergeSchema", "true"));

        assertEquals(List.of("[1,10,null]", "[2,20,x]"), rows());
    }

    @Test
    void changesGetWhatTheTableMakesOfThemAndKeepItsRules() throws Exception {
        table("id bigint not null, amount int, version bigint, twice int generated always as (amount * 2)");
        ChangeStream changes = new ChangeStream(
                session,
                directory,
                "id bigint, amount int, version bigint",
                Changes.keyedBy("id").sequencedBy(col("version")));

        changes.add(1L, 10, 1L).add(2L, 20, 1L).run();
        changes.add(1L, 11, 2L).run();
        assertEquals(List.of("[1,11,2,22]", "[2,20,1,40]"), rows());

        assertRefused(
                "DELTA_CONSTRAINT_VIOLATED", () -> changes.add(2L, 100, 2L).run());
        assertEquals(List.of("[1,11,2,22]", "[2,20,1,40]"), rows());
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void assertRefused(String code, Action action) {
        StreamingQueryException ended = assertThrows(StreamingQueryException.class, action::run);
        assertTrue(ended.getMessage().contains(code), ended.getMessage());
    }

    /// Appends the rows of a query by a stream of a table that holds them.
    private void append(String rows, Map<String, String> options) throws Exception {
        String from = directory.resolve("from-" + Math.abs(rows.hashCode())).toString();
        session.sql(rows).write().format("delta").save(from);
        DataFrame stream = session.readStream().format("delta").load(from);
        stream.writeStream()
                .format("delta")
                .options(options)
                .option("checkpointLocation", from + "-checkpoint")
                .trigger(Trigger.AvailableNow())
                .start(directory.resolve("table").toString())
                .awaitTermination();
    }

    private String name() {
        return "delta.`" + directory.resolve("table") + "`";
    }

    private List<String> rows() {
        return session.sql("select * from " + name()).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }
}

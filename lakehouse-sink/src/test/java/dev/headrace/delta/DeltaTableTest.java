package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows of Delta tables changed in place: delete, update, merge.
class DeltaTableTest {
    private static final StructType ORDERS = StructType.fromDDL("id bigint, status string, amount int");

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @Test
    void deleteRemovesTheRowsForWhichTheConditionIsTrue() throws IOException {
        append(order(1, "new", 10), order(2, "paid", 20), order(3, null, 30));

        table().delete(col("status").equalTo("new"));

        assertRows(order(2, "paid", 20), order(3, null, 30));
    }

    @Test
    void deleteLeavesFilesAloneThatCannotHoldSuchRows() throws IOException {
        append(order(1, "new", 10), order(2, "paid", 20));
        append(order(11, "new", 10), order(12, "paid", 20));
        Set<String> before = paths();

        table().delete(col("id").equalTo(11));

        Set<String> kept = new TreeSet<>(paths());
        kept.retainAll(before);
        assertEquals(1, kept.size());
        assertRows(order(1, "new", 10), order(2, "paid", 20), order(12, "paid", 20));
    }

    @Test
    void deleteOfNothingMakesNoCommit() {
        append(order(1, "new", 10));

        table().delete(col("id").equalTo(7));

        assertEquals(0, version());
    }

    @Test
    void deleteWithoutAConditionEmptiesTheTable() throws IOException {
        append(order(1, "new", 10), order(2, "paid", 20));

        table().delete();

        assertRows();
        assertEquals(Set.of(), paths());
    }

    @Test
    void aFileWhoseRowsAllGoIsNotWrittenAgain() throws IOException {
        append(order(1, "new", 10), order(2, "new", 20));
        append(order(11, "paid", 10));

        table().delete(col("status").equalTo("new"));

        assertEquals(1, paths().size());
        assertRows(order(11, "paid", 10));
    }

    @Test
    void updateSetsColumnsFromTheRowAsItWas() throws IOException {
        append(order(1, "new", 10), order(2, "paid", 20));

        table().update(
                        col("status").equalTo("new"),
                        Map.of("amount", col("amount").plus(5), "status", lit("seen")));

        assertRows(order(1, "seen", 15), order(2, "paid", 20));
    }

    @Test
    void updateCastsToTheColumnsType() throws IOException {
        append(order(1, "new", 10));

        table().update(Map.of("amount", lit(7L), "status", lit(null)));

        assertRows(order(1, null, 7));
    }

    @Test
    void updateOfAColumnThatIsNotThereSaysWhichThereAre() {
        append(order(1, "new", 10));

        QueryException wrong = assertThrows(QueryException.class, () -> table().update(Map.of("amuont", lit(1))));

        assertEquals(
                "[DELTA_MERGE_UNRESOLVED_COLUMN] " + place()
                        + ": there is no column 'amuont' to set; the table has id, status, amount. Did you mean 'amount'?",
                wrong.getMessage());
    }

    @Test
    void mergeUpdatesInsertsAndDeletes() throws IOException {
        append(order(1, "new", 10), order(2, "paid", 20), order(3, "gone", 30));
        DataFrame changes = frame(order(2, "sent", 21), order(3, "delete", 0), order(4, "new", 40));

        Row counts = table().as("t")
                .merge(changes.as("s"), col("t.id").equalTo(col("s.id")))
                .whenMatched(col("s.status").equalTo("delete"))
                .delete()
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute()
                .first();

        assertRows(order(1, "new", 10), order(2, "sent", 21), order(4, "new", 40));
        assertEquals(RowFactory.create(3L, 1L, 1L, 1L), counts);
    }

    @Test
    void mergeSetsAndInsertsExpressions() throws IOException {
        append(order(1, "new", 10), order(2, "paid", 20));
        DataFrame changes = frame(order(2, "x", 5), order(3, "y", 7)).withColumnRenamed("amount", "more");

        table().as("t")
                .merge(changes.as("s"), col("t.id").equalTo(col("s.id")))
                .whenMatched()
                .update(Map.of("t.amount", col("t.amount").plus(col("s.more"))))
                .whenNotMatched(col("more").gt(6))
                .insert(Map.of("id", col("s.id"), "amount", col("s.more")))
                .execute();

        assertRows(order(1, "new", 10), order(2, "paid", 25), order(3, null, 7));
    }

    @Test
    void mergeChangesRowsOfTheTableWithoutAPartner() throws IOException {
        append(order(1, "new", 10), order(2, "paid", 20), order(3, "old", 30));
        DataFrame source = frame(order(2, "paid", 20));

        table().as("t")
                .merge(source.as("s"), col("t.id").equalTo(col("s.id")))
                .whenNotMatchedBySource(col("t.status").equalTo("old"))
                .delete()
                .whenNotMatchedBySource()
                .update(Map.of("status", lit("missing")))
                .execute();

        assertRows(order(1, "missing", 10), order(2, "paid", 20));
    }

    @Test
    void conditionsAndValuesMayBeSql() throws IOException {
        append(order(1, "new", 10), order(2, "paid", 20), order(3, "old", 30), order(4, "bad", 40));

        table().delete("status = 'bad'");
        table().updateExpr("id = 1", Map.of("amount", "amount + 5"));
        table().as("t")
                .merge(
                        frame(order(2, "sent", 21), order(5, "new", 50), order(6, "no", 60))
                                .as("s"),
                        "t.id = s.id")
                .whenMatched("s.amount > t.amount")
                .updateExpr(Map.of("status", "concat(t.status, '-', s.status)"))
                .whenNotMatched("s.status = 'new'")
                .insertExpr(Map.of("id", "s.id", "status", "upper(s.status)"))
                .whenNotMatchedBySource("t.status = 'old'")
                .delete()
                .execute();

        assertRows(order(1, "new", 15), order(2, "paid-sent", 20), RowFactory.create(5L, "NEW", null));
    }

    @Test
    void mergeIntoAnEmptyTableInserts() throws IOException {
        append();

        table().as("t")
                .merge(frame(order(1, "new", 1)).as("s"), col("t.id").equalTo(col("s.id")))
                .whenMatched()
                .delete()
                .whenNotMatched()
                .insertAll()
                .execute();

        assertRows(order(1, "new", 1));
    }

    @Test
    void mergeReadsOnlyFilesBetweenTheSourcesKeys() {
        append(order(1, "new", 10), order(2, "new", 20));
        append(order(11, "new", 10));
        Set<String> before = paths();
        assertEquals(2, before.size());
        damage(before, "1");

        table().as("t")
                .merge(frame(order(11, "sent", 1)).as("s"), col("s.id").equalTo(col("t.id")))
                .whenMatched()
                .updateAll()
                .execute();

        assertEquals(2, version());
    }

    /// Makes the file unreadable whose least id is this.
    private void damage(Set<String> among, String leastId) {
        for (AddFile file : files()) {
            if (among.contains(file.path())
                    && file.stats().orElse("").contains("\"minValues\":{\"id\":" + leastId + ",")) {
                try {
                    Files.writeString(DataFile.resolve(place(), file.path()), "no Parquet");
                    return;
                } catch (IOException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        }
        throw new AssertionError("no file begins with " + leastId);
    }

    @Test
    void severalSourceRowsForOneRowOfTheTableAreAnErrorThatNamesIt() {
        append(order(1, "new", 10), order(2, "new", 20));
        DataFrame twice = frame(order(2, "a", 1), order(2, "b", 2));

        DataException ambiguous = assertThrows(
                DataException.class,
                () -> table().as("t")
                        .merge(twice.as("s"), col("t.id").equalTo(col("s.id")))
                        .whenMatched()
                        .updateAll()
                        .execute());

        assertEquals(
                "[DELTA_MERGE_MULTIPLE_MATCHES] " + place()
                        + ": merge: several rows of the source match one row of the table (id=2, status=new, amount=20), so it"
                        + " is not clear what that row should become. Make the source unique in the columns of the condition,"
                        + " for example with dropDuplicates(…), or let the clauses' conditions choose one.",
                ambiguous.getMessage());
        assertEquals(0, version());
        assertEquals(1, dataFiles());
    }

    @Test
    void severalSourceRowsMayDeleteOneRow() throws IOException {
        append(order(1, "new", 10), order(2, "new", 20));

        table().as("t")
                .merge(
                        frame(order(2, "a", 1), order(2, "b", 2)).as("s"),
                        col("t.id").equalTo(col("s.id")))
                .whenMatched()
                .delete()
                .execute();

        assertRows(order(1, "new", 10));
    }

    @Test
    void updateAllNamesTheColumnThatTheSourceLacks() {
        append(order(1, "new", 10));

        QueryException lacking = assertThrows(
                QueryException.class,
                () -> table().as("t")
                        .merge(
                                frame(order(1, "a", 1)).drop("amount").as("s"),
                                col("t.id").equalTo(col("s.id")))
                        .whenMatched()
                        .updateAll()
                        .execute());

        assertEquals(
                "[DELTA_MERGE_UNRESOLVED_COLUMN] " + place()
                        + ": updateAll() and insertAll() take each of the table's columns from the source, which has no"
                        + " 'amount' (it has id, status). Add it to the source, or name the columns to set with update(…) and"
                        + " insert(…).",
                lacking.getMessage());
    }

    @Test
    void aClauseBehindOneWithoutAConditionIsRefused() {
        append(order(1, "new", 10));

        QueryException unreachable = assertThrows(
                QueryException.class,
                () -> table().merge(frame(), lit(true))
                        .whenMatched()
                        .delete()
                        .whenMatched()
                        .updateAll());

        assertEquals("DELTA_MERGE_CLAUSE_UNREACHABLE", unreachable.code());
    }

    @Test
    void aChangeKeepsPartitionsApart() throws IOException {
        frame(order(1, "a", 10), order(2, "a", 20), order(3, "b", 30))
                .write()
                .format("delta")
                .partitionBy("status")
                .save(place().toString());

        table().update(col("id").equalTo(2), Map.of("status", lit("b")));

        assertRows(order(1, "a", 10), order(2, "b", 20), order(3, "b", 30));
        Set<@Nullable String> values = files().stream()
                .map(file -> file.partitionValues().get("status"))
                .collect(Collectors.toSet());
        assertEquals(Set.of("a", "b"), values);
    }

    @Test
    void statisticsAreKept() {
        append(order(1, "new", 10), order(2, "paid", 20));

        table().update(col("id").equalTo(2), Map.of("amount", lit(99)));

        assertTrue(files().stream().anyMatch(file -> file.stats().orElse("").contains("\"amount\":99")));
    }

    @Test
    void aTableForAppendsOnlyIsLeftAsItIs() throws IOException {
        append(order(1, "new", 10));
        setProperty("delta.appendOnly", "true");

        QueryException refused = assertThrows(QueryException.class, () -> table().delete());

        assertEquals("DELTA_APPEND_ONLY", refused.code());
    }

    @Test
    void anAppendThatTheChangeNeedNotSeeDoesNotDisturbIt() throws IOException {
        append(order(1, "new", 10));

        int attempts = deleteWhile(col("id").equalTo(1), () -> append(order(5, "new", 50)));

        assertEquals(1, attempts);
        assertRows(order(5, "new", 50));
    }

    @Test
    void aChangeThatWasOvertakenByRowsItShouldHaveSeenIsDoneAgain() throws IOException {
        append(order(1, "new", 10));

        int attempts = deleteWhile(col("id").leq(1), () -> append(order(0, "new", 50)));

        assertEquals(2, attempts);
        assertRows();
    }

    @Test
    void aChangeOvertakenAgainAndAgainSaysByWhom() {
        append(order(1, "new", 10));
        int[] next = {0};

        HeadraceException conflict = assertThrows(
                UnavailableException.class, () -> deleteAlwaysOvertaken(() -> append(order(--next[0], "new", 50))));

        String text = conflict.getMessage();
        assertTrue(
                text.startsWith(
                        "[DELTA_CONCURRENT_CHANGE] " + place() + ": DELETE was tried 5 times, and each time another"
                                + " writer had changed what it depends on; the last time version 5 ('WRITE' by 'Headrace"),
                text);
        assertTrue(text.endsWith(". Nothing was committed; run it again."), text);
    }

    /// Deletes rows while another writer does something, once, between the look at the table and the commit.
    ///
    /// @return how many attempts it took
    private int deleteWhile(Column condition, Runnable other) {
        int[] attempts = {0};
        delete(condition, () -> {
            if (attempts[0]++ == 0) {
                other.run();
            }
        });
        return attempts[0];
    }

    private void deleteAlwaysOvertaken(Runnable other) {
        delete(col("id").leq(1), other);
    }

    private void delete(Column condition, Runnable beforeCommit) {
        DeltaTable table = table();
        RowUpdate update = new RowUpdate(table, table.toDF(), Clause.delete(Optional.of(condition)));
        try (TableTarget target = table.openForChange()) {
            new RowChange(target, "DELETE", Map.of(), Optional.empty()).run(base -> {
                RowChange.Attempt attempt = update.attempt(base);
                beforeCommit.run();
                return attempt;
            });
        }
    }

    /// Whatever is done to a table, a map from ids to rows to which the same is done holds the same.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomChangesGiveWhatAMapGives(long seed) throws IOException {
        Random random = new Random(seed);
        TreeMap<Long, Row> model = new TreeMap<>();
        append();
        if (seed % 2 == 0) {
            allowDeletionVectors();
        }
        for (int step = 0; step < 15; step++) {
            long from = random.nextInt(40);
            long to = from + random.nextInt(15);
            Column between = col("id").between(from, to);
            switch (random.nextInt(4)) {
                case 0 -> {
                    table().delete(between);
                    model.subMap(from, true, to, true).clear();
                }
                case 1 -> {
                    table().update(between, Map.of("amount", col("amount").plus(1)));
                    model.subMap(from, true, to, true)
                            .replaceAll((id, row) -> order(id, row.getString(1), row.getInt(2) + 1));
                }
                default -> merge(random, model);
            }
            assertEquals(
                    texts(model.values().stream()), texts(table().toDF().collectAsList().stream()), "step " + step);
        }
        assertRows(model.values().toArray(Row[]::new));
    }

    private void merge(Random random, TreeMap<Long, Row> model) {
        Map<Long, Row> changes = new TreeMap<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            long id = random.nextInt(50);
            changes.put(
                    id, order(id, random.nextInt(4) == 0 ? "delete" : "m" + random.nextInt(3), random.nextInt(100)));
        }
        table().as("t")
                .merge(
                        frame(changes.values().toArray(Row[]::new)).as("s"),
                        col("t.id").equalTo(col("s.id")))
                .whenMatched(col("s.status").equalTo("delete"))
                .delete()
                .whenMatched(col("s.amount").gt(col("t.amount")))
                .updateAll()
                .whenNotMatched(col("s.status").notEqual("delete"))
                .insertAll()
                .execute();
        changes.forEach((id, change) -> {
            Row old = model.get(id);
            boolean deletes = change.getString(1).equals("delete");
            if (old == null && !deletes) {
                model.put(id, change);
            } else if (old != null && deletes) {
                model.remove(id);
            } else if (old != null && change.getInt(2) > old.getInt(2)) {
                model.put(id, change);
            }
        });
    }

    // ---- the table

    private Path place() {
        return directory.resolve("orders");
    }

    private DeltaTable table() {
        return DeltaTable.forPath(session, place().toString());
    }

    private static Row order(long id, @Nullable String status, int amount) {
        return RowFactory.create(id, status, amount);
    }

    private DataFrame frame(Row... rows) {
        return session.createDataFrame(List.of(rows), ORDERS);
    }

    private void append(Row... rows) {
        frame(rows).write().format("delta").mode("append").save(place().toString());
    }

    private void assertRows(Row... expected) throws IOException {
        assertEquals(texts(Arrays.stream(expected)), texts(table().toDF().collectAsList().stream()));
        List<String> byKernel = new ArrayList<>();
        KernelReader.read(place()).forEach(row -> byKernel.add(row.toString().replace(", ", ",")));
        assertEquals(texts(Arrays.stream(expected)), byKernel.stream().sorted().toList());
    }

    private static List<String> texts(Stream<Row> rows) {
        return rows.map(row -> row.toString()).sorted().toList();
    }

    private List<AddFile> files() {
        return new KernelTableLog(place()).latest().orElseThrow().files(FileFilter.everything());
    }

    private Set<String> paths() {
        return files().stream().map(AddFile::path).collect(Collectors.toCollection(TreeSet::new));
    }

    private long version() {
        return new KernelTableLog(place()).latest().orElseThrow().version();
    }

    private long dataFiles() {
        try (Stream<Path> all = Files.list(place())) {
            return all.filter(file -> file.toString().endsWith(".parquet")).count();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void allowDeletionVectors() throws IOException {
        setProperty("delta.enableDeletionVectors", "true");
        rewriteFirstCommit(text -> text.replace(
                "{\"minReaderVersion\":1,\"minWriterVersion\":2}",
                "{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"deletionVectors\"],"
                        + "\"writerFeatures\":[\"deletionVectors\"]}"));
    }

    @Test
    void whereDeletionVectorsAreAllowedAFileThatLosesFewRowsStays() throws IOException {
        append();
        allowDeletionVectors();
        append(java.util.stream.LongStream.range(0, 100)
                .mapToObj(id -> order(id, "new", 10))
                .toArray(Row[]::new));
        Set<String> before = paths();

        table().delete(col("id").equalTo(7));
        table().update(col("id").between(8, 9), Map.of("amount", lit(11)));

        assertTrue(paths().containsAll(before), paths() + " without " + before);
        assertEquals(100 - 1, table().toDF().count());
        assertEquals(99, KernelReader.read(place()).size());
        assertEquals(
                3,
                files().stream()
                        .flatMap(file -> file.deletionVector().stream())
                        .findFirst()
                        .orElseThrow()
                        .cardinality());

        table().optimize().executeCompaction();
        assertTrue(files().stream().allMatch(file -> file.deletionVector().isEmpty()));
        assertEquals(99, KernelReader.read(place()).size());
    }

    private void setProperty(String name, String value) throws IOException {
        rewriteFirstCommit(
                text -> text.replace("\"configuration\":{}", "\"configuration\":{\"" + name + "\":\"" + value + "\"}"));
    }

    private void rewriteFirstCommit(UnaryOperator<String> change) throws IOException {
        Path commit = place().resolve("_delta_log/00000000000000000000.json");
        Files.writeString(commit, change.apply(Files.readString(commit)));
    }
}

package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.errors.HeadraceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// What operators make on the heap may be larger than it, although the rows themselves fit into the session's memory.
class SmallHeapIT {
    /// The memory limit is thirty times as large.
    private static final List<String> COMMAND = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            SmallHeapIT.class.getName());

    /// More rows than fit as objects.
    private static final long ROWS = 2_000_000;

    private static final Map<String, Function<Session, Object>> PROGRAMS = Map.of(
            "reduceGroups",
            session -> session.range(ROWS)
                    .as(Encoders.LONG())
                    .groupByKey(id -> id % 2, Encoders.LONG())
                    .reduceGroups(Long::sum)
                    .orderBy("_1")
                    .toDF()
                    .collectAsList(),
            "flatMapGroups",
            session -> session.range(ROWS)
                    .as(Encoders.LONG())
                    .groupByKey(_ -> 1, Encoders.INT())
                    .flatMapGroups((_, all) -> all, Encoders.LONG())
                    .count(),
            "cogroup",
            session -> session.range(ROWS)
                    .as(Encoders.LONG())
                    .groupByKey(id -> id % 2, Encoders.LONG())
                    .cogroup(
                            session.range(ROWS).as(Encoders.LONG()).groupByKey(id -> id % 3, Encoders.LONG()),
                            (key, left, right) -> List.of(key + ": " + count(left) + ", " + count(right))
                                    .iterator(),
                            Encoders.STRING())
                    .collectAsList(),
            "mapGroupsWithState",
            session -> session.range(ROWS)
                    .as(Encoders.LONG())
                    .groupByKey(id -> id / 1000, Encoders.LONG())
                    .mapGroupsWithState((_, all, _) -> count(all), Encoders.LONG(), Encoders.LONG())
                    .toDF()
                    .selectExpr("count(*)", "sum(value)")
                    .collectAsList());

    private static long count(Iterator<Long> all) {
        long count = 0;
        for (; all.hasNext(); all.next()) {
            count++;
        }
        return count;
    }

    /// Runs a statement, or one of the programs, and says its rows or its error's code, whether anything was put on
    /// disk, and whether it keeps memory.
    public static void main(String[] sql) {
        try (Session session = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "2g")
                .create()) {
            System.out.println(answer(session, sql[0])
                    + (session.runtime().spill().bytesWritten() > 0 ? " by way of the disk" : "")
                    + (session.runtime().allocator().getAllocatedMemory() > 0 ? " keeps memory" : ""));
        }
    }

    private static String answer(Session session, String sql) {
        try {
            return PROGRAMS.getOrDefault(sql, run -> run.sql(sql).collectAsList())
                    .apply(session)
                    .toString();
        } catch (HeadraceException failed) {
            return failed.code();
        }
    }

    private static String answerOfAChild(String sql) throws IOException, InterruptedException {
        ProcessBuilder command =
                new ProcessBuilder(new ArrayList<>(COMMAND)).redirectError(ProcessBuilder.Redirect.INHERIT);
        command.command().add(sql);
        Process child = command.start();
        try {
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertEquals(0, child.waitFor());
            return said;
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void indexesOfJoins() throws Exception {
        assertEquals(
                "[[1500000,1124999250000]] by way of the disk",
                answerOfAChild("SELECT count(*), sum(b.id) FROM (SELECT id * 1000003 AS k FROM range(1600000)) a JOIN"
                        + " (SELECT id, id * 1000003 AS k FROM range(1500000)) b ON a.k = b.k"));
    }

    /// Keys that are close to each other take less.
    @Test
    void indexesOfJoinsThatFit() throws Exception {
        assertEquals(
                "[[1500000,1124999250000]]",
                answerOfAChild("SELECT count(*), sum(b.id) FROM (SELECT id FROM range(1600000)) a JOIN"
                        + " (SELECT id FROM range(1500000)) b ON a.id = b.id"));
    }

    @Test
    void indexesOfJoinsInWhichNearlyAllRowsHaveOneKey() throws Exception {
        assertEquals(
                "[[3000001]] by way of the disk",
                answerOfAChild("SELECT count(*) FROM (SELECT if(id < 2, 7, 1000000000000000) AS k FROM range(3)) a"
                        + " FULL JOIN (SELECT if(id = 0, 1000000000000000, 7) AS k FROM range(1500001)) b"
                        + " ON a.k = b.k"));
    }

    /// Of each group one is kept, as an object.
    @Test
    void valuesOfManyGroups() throws Exception {
        for (String aggregate :
                List.of("max_by(s, id)", "min_by(id, s)", "first(s)", "any_value(s)", "max(struct(id, s))")) {
            assertEquals(
                    "[[200000]] by way of the disk",
                    answerOfAChild("SELECT count(v) FROM (SELECT " + aggregate + " AS v FROM (SELECT id,"
                            + " rpad(cast(id AS STRING), 300, 'x') AS s FROM range(400000)) GROUP BY id % 200000)"),
                    () -> aggregate);
        }
    }

    /// One row at a time is an object.
    @Test
    void rowsOfKeysThatFunctionsAreCalledFor() throws Exception {
        String way = " by way of the disk";
        assertEquals("[[0,999999000000], [1,1000000000000]]" + way, answerOfAChild("reduceGroups"));
        assertEquals("2000000" + way, answerOfAChild("flatMapGroups"));
        assertEquals("[0: 1000000, 666667, 1: 1000000, 666667, 2: 0, 666666]" + way, answerOfAChild("cogroup"));
        assertEquals("[[2000,2000000]]" + way, answerOfAChild("mapGroupsWithState"));
    }

    @Test
    void allRowsOfOneKeyOfAnAsOfJoin() throws Exception {
        assertEquals(
                "OUT_OF_JVM_MEMORY by way of the disk",
                answerOfAChild("SELECT count(*) FROM range(10) a ASOF JOIN range(2500000) b ON a.id >= b.id"));
    }

    /// To end tasks and to close what they held must not need what has run out.
    @Test
    void valuesThatAggregatesCollect() throws Exception {
        for (String aggregate : List.of("size(collect_list(id))", "percentile(id, 0.5)", "length(listagg(id, ','))")) {
            assertEquals(
                    "OUT_OF_JVM_MEMORY",
                    answerOfAChild("SELECT " + aggregate + " FROM range(40000000)"),
                    () -> aggregate);
        }
    }
}

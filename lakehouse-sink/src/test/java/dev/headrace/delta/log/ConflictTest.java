package dev.headrace.delta.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Slice;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is said of each kind of conflict: who did what.
class ConflictTest {
    private static final String WHO =
            "version 8 ('STREAMING UPDATE' by 'Apache-Spark/4.1.2' at 2026-11-20T10:00:00Z, queryId=q-1, epochId=7) ";
    private static final AddFile FILE =
            new AddFile("a.parquet", Map.of(), 10, 0, true, Optional.empty(), Optional.empty());

    private static CommitInfo info() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("queryId", "q-1");
        parameters.put("epochId", "7");
        return new CommitInfo(
                Instant.parse("2026-11-20T10:00:00Z").toEpochMilli(),
                "STREAMING UPDATE",
                parameters,
                OptionalLong.of(7),
                false,
                Map.of(),
                Optional.of("Apache-Spark/4.1.2"),
                Optional.of("t-1"));
    }

    /// @param ours what a commit does that has read the whole table
    /// @param other what the one does that came first
    private static String conflict(List<Action> ours, Action... other) {
        List<Action> winner = new java.util.ArrayList<>(List.of(info()));
        winner.addAll(List.of(other));
        Commit commit = new Commit(7, new ReadSet.WholeTable(), info(), ours);
        return new ConflictCheck(commit).with(8, winner).orElseThrow().describe();
    }

    @Test
    void itSaysWhoDidWhatAndWhen() {
        assertEquals(WHO + "added rows: file 'a.parquet'", conflict(List.of(), FILE));
        assertEquals(WHO + "removed rows: file 'a.parquet'", conflict(List.of(), FILE.remove(0)));
        assertEquals(
                WHO + "removed a file that this write removes too: file 'a.parquet'",
                conflict(List.of(FILE.remove(0)), FILE.moved(0)));
        assertEquals(
                WHO + "committed a batch of the same query: batch 7 of 'q-1'",
                conflict(List.of(new SetTransaction("q-1", 7, 0)), new SetTransaction("q-1", 7, 0)));
        assertEquals(
                WHO + "changed the table's schema or properties: the schema is now 'day STRING'",
                conflict(List.of(), Commits.metadata("day").withSchema(StructType.fromDDL("day string"))));
        assertEquals(
                WHO + "changed the table's protocol: it needs reader version 1 and writer version 2",
                conflict(List.of(), Protocol.BASIC));
        assertEquals(
                WHO + "changed the table's protocol: it needs reader version 3 and writer version 7 with appendOnly,"
                        + " deletionVectors",
                conflict(
                        List.of(),
                        new Protocol(3, 7, Set.of("deletionVectors"), Set.of("deletionVectors", "appendOnly"))));
        assertEquals(
                WHO + "made a change of a kind that Headrace doesn't know: an action 'newKind'",
                conflict(List.of(), new UnknownAction("newKind")));
    }

    @Test
    void aFileThatIsTakenOutWithoutItsPartitionMayHaveBeenInAny() {
        StructType columns = StructType.fromDDL("day string");
        BoundExpr monday = new BoundExpr.Compare(
                CompareOp.EQUAL,
                new BoundExpr.Column(0, "day", DataTypes.StringType, true),
                new BoundExpr.Literal(new Scalar(Slice.utf8("monday"), DataTypes.StringType)));
        FileFilter filter = new FileFilter(List.of(monday), columns, List.of("day"), ZoneOffset.UTC);
        Commit commit = new Commit(7, new ReadSet.Matching(filter, Set.of("b.parquet")), info(), List.of());
        ConflictCheck check = new ConflictCheck(commit);

        assertTrue(check.with(8, List.of(removed("a.parquet", Map.of()))).isPresent());
        assertTrue(check.with(8, List.of(removed("a.parquet", Map.of("day", "monday"))))
                .isPresent());
        assertFalse(check.with(8, List.of(removed("a.parquet", Map.of("day", "tuesday"))))
                .isPresent());
        assertFalse(check.with(8, List.of(removed("b.parquet", Map.of()))).isPresent());
    }

    private static RemoveFile removed(String path, Map<String, @Nullable String> partition) {
        return new RemoveFile(path, 0, true, partition, 10, Optional.empty());
    }

    @Test
    void aCommitThatSaysNothingOfItselfIsItsVersion() {
        Commit commit = new Commit(7, new ReadSet.WholeTable(), info(), List.of());

        assertEquals(
                "version 8 added rows: file 'a.parquet'",
                new ConflictCheck(commit).with(8, List.of(FILE)).orElseThrow().describe());
    }
}

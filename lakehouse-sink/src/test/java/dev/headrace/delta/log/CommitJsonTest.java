package dev.headrace.delta.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.CheckpointException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommitJsonTest {
    private static final DeletionVector VECTOR =
            new DeletionVector("u", "ab^-aqEH.-t@S}K{vb[*k^", OptionalInt.of(4), 40, 6);

    @Test
    void everyActionReadsBackAsItWasWritten() {
        AddFile add = new AddFile(
                "a%20b/c.parquet",
                Commits.fileInDay("", null).partitionValues(),
                12,
                Commits.NOW,
                true,
                Optional.of("{\"numRecords\":1}"),
                Optional.of(VECTOR));
        List<Action> actions = List.of(
                Commits.create().info(),
                new Protocol(3, 7, Set.of("timestampNtz"), Set.of("timestampNtz")),
                Commits.metadata("day", "id"),
                Commits.batch("query-1", 17),
                add,
                add.remove(Commits.NOW),
                Commits.compacted("d.parquet"));

        assertEquals(actions, CommitJson.read("log/0", CommitJson.write(actions)));
    }

    @Test
    void aCommitIsOneLinePerAction() {
        CommitInfo info = new CommitInfo(
                1,
                "WRITE",
                Map.of("mode", "Append"),
                OptionalLong.of(3),
                true,
                Map.of("numFiles", 2L),
                Optional.of("Headrace"),
                Optional.of("t-1"));
        String text = new String(
                CommitJson.write(List.of(
                        info,
                        new SetTransaction("q", 1, 2),
                        new AddFile("p.parquet", Map.of("day", "x"), 7, 8, true, Optional.of("{}"), Optional.empty()))),
                StandardCharsets.UTF_8);

        assertEquals("""
                {"commitInfo":{"timestamp":1,"operation":"WRITE","operationParameters":{"mode":"Append"},"readVersion":3,\
                "isolationLevel":"Serializable","isBlindAppend":true,"operationMetrics":{"numFiles":"2"},\
                "engineInfo":"Headrace","txnId":"t-1"}}
                {"txn":{"appId":"q","version":1,"lastUpdated":2}}
                {"add":{"path":"p.parquet","partitionValues":{"day":"x"},"size":7,"modificationTime":8,\
                "dataChange":true,"stats":"{}"}}
                """, text);
    }

    @Test
    void actionsOfOtherKindsAreNamed() {
        byte[] bytes = "{\"domainMetadata\":{\"domain\":\"x\"}}\n".getBytes(StandardCharsets.UTF_8);

        assertEquals(List.of(new UnknownAction("domainMetadata")), CommitJson.read("log/0", bytes));
    }

    @Test
    void aLineWithoutWhatItMustSayIsDamage() {
        byte[] bytes = "{\"add\":{\"size\":1}}\n".getBytes(StandardCharsets.UTF_8);

        CheckpointException error = assertThrows(CheckpointException.class, () -> CommitJson.read("log/7.json", bytes));

        assertEquals(
                "[DELTA_LOG_DAMAGED] log/7.json: line 1 is not an action: '{\"add\":{\"size\":1}}'. A commit file is never "
                        + "changed once it is written: restore it from a copy, or restore the table to a version before "
                        + "it.",
                error.getMessage());
    }
}

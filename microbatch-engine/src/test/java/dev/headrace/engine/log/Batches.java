package dev.headrace.engine.log;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Batches, drivers and checkpoints for tests.
final class Batches {

    static final Instant SINCE = Instant.parse("2026-11-20T10:00:00Z");
    static final QueryId QUERY = new QueryId(UUID.fromString("7b0e4f5c-1111-4222-8333-944445555666"));
    static final Driver ANN = driver("ann", 101, 1);
    static final Driver BOB = driver("bob", 202, 2);

    private Batches() {}

    static Driver driver(String host, long pid, long run) {
        return new Driver(new RunId(new UUID(0, run)), host, pid, SINCE);
    }

    /// A batch of two sources, Kafka's and one that has not given an offset yet.
    static PlannedBatch planned(long id) {
        return new PlannedBatch(
                new BatchId(id),
                List.of(
                        OffsetRange.of(
                                "{\"clicks\":{\"0\":" + id * 10 + "}}", "{\"clicks\":{\"0\":" + (id + 1) * 10 + "}}"),
                        new OffsetRange(Optional.empty(), Optional.empty())),
                1000 * id,
                1_763_632_800_000L + id,
                Map.of("headrace.state.keyGroups", "128"));
    }

    static CommittedBatch committed(long id) {
        return new CommittedBatch(new BatchId(id), 1000 * (id + 1));
    }

    static Checkpoint open(Path directory, Driver driver) {
        return Checkpoint.open(CheckpointFiles.local(directory, driver.run()), driver, QUERY);
    }

    /// Leaves the batches 0 to `newest` planned and committed.
    static void run(Path directory, Driver driver, long newest) {
        try (Checkpoint checkpoint = open(directory, driver)) {
            for (long id = 0; id <= newest; id++) {
                checkpoint.plan(planned(id));
                checkpoint.commit(committed(id));
            }
        }
    }
}

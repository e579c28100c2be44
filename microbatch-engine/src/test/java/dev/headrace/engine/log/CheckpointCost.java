package dev.headrace.engine.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/// A program that prints what the log costs per batch on the disk of a directory: `CheckpointCost DIRECTORY [BATCHES]`.
///
/// Start it from an IDE, or with the class path that `mvn dependency:build-classpath` prints. The figures stand in
/// `docs/decisions/0011-durability-of-a-log-entry.md`.
final class CheckpointCost {

    private CheckpointCost() {}

    public static void main(String[] arguments) throws IOException {
        int batches = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3000;
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "checkpoint-cost");
        long[] plan = new long[batches];
        long[] commit = new long[batches];
        long[] purge = new long[batches];
        try (Checkpoint checkpoint = Batches.open(directory, Batches.ANN)) {
            for (int id = 0; id < batches; id++) {
                PlannedBatch batch = Batches.planned(id);
                long start = System.nanoTime();
                checkpoint.plan(batch);
                long planned = System.nanoTime();
                checkpoint.commit(Batches.committed(id));
                long committed = System.nanoTime();
                checkpoint.purge(Checkpoint.DEFAULT_MIN_BATCHES_TO_RETAIN);
                long purged = System.nanoTime();
                plan[id] = planned - start;
                commit[id] = committed - planned;
                purge[id] = purged - committed;
            }
        }
        print("plan", plan);
        print("commit", commit);
        print("purge", purge);
        delete(directory);
    }

    private static void print(String step, long[] nanos) {
        long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
        Arrays.sort(warm);
        System.out.printf(
                "%-7s p50 %6.3f ms   p99 %6.3f ms   max %6.3f ms%n",
                step, warm[warm.length / 2] / 1e6, warm[warm.length * 99 / 100] / 1e6, warm[warm.length - 1] / 1e6);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.DeletionVector;
import dev.headrace.delta.log.RemoveFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which files are put together, and how often a row is written anew.
class SmallFilesTest {
    private static final Map<String, @Nullable String> WHOLE_TABLE = Map.of();
    private static final long FILE_BYTES = 100_000;

    private int made;

    private AddFile file(long rows, long bytes) {
        return file(WHOLE_TABLE, rows, bytes);
    }

    private AddFile file(Map<String, @Nullable String> partition, long rows, long bytes) {
        return new AddFile(
                "file" + made++,
                partition,
                bytes,
                made,
                true,
                Optional.of("{\"numRecords\":" + rows + "}"),
                Optional.empty());
    }

    private List<AddFile> files(int count, long rows, long bytes) {
        return IntStream.range(0, count).mapToObj(_ -> file(rows, bytes)).toList();
    }

    private static List<SmallFiles.Due> due(SmallFiles files) {
        return files.due(new HashSet<>(Set.of(WHOLE_TABLE)));
    }

    @Test
    void manyFilesOfOneSizeAreDue() {
        assertEquals(List.of(), due(new SmallFiles(0, files(15, 10, 1_000), 16, FILE_BYTES)));

        List<AddFile> many = files(16, 10, 1_000);
        assertEquals(List.of(new SmallFiles.Due(0, many)), due(new SmallFiles(0, many, 16, FILE_BYTES)));
    }

    @Test
    void filesOfOtherSizesStay() {
        List<AddFile> all = new ArrayList<>(files(15, 100, 1_000));
        all.addAll(files(15, 10, 1_000));

        assertEquals(List.of(), due(new SmallFiles(0, all, 16, FILE_BYTES)));
    }

    @Test
    void aFileOfHalfTheSizeIsLargeEnough() {
        assertEquals(List.of(), due(new SmallFiles(0, files(20, 10, FILE_BYTES / 2), 16, FILE_BYTES)));
    }

    @Test
    void filesThatMakeAWholeOneAreDueHoweverFewTheyAre() {
        List<AddFile> three = files(3, 10, 40_000);

        assertEquals(
                List.of(new SmallFiles.Due(0, three.subList(0, 2))), due(new SmallFiles(0, three, 16, FILE_BYTES)));
    }

    @Test
    void theSmallestComeFirst() {
        List<AddFile> large = files(16, 1_000, 2_000);
        List<AddFile> small = files(16, 1, 10);
        List<AddFile> all = new ArrayList<>(large);
        all.addAll(small);

        assertEquals(
                List.of(small, large),
                due(new SmallFiles(0, all, 16, FILE_BYTES)).stream()
                        .map(SmallFiles.Due::files)
                        .toList());
    }

    @Test
    void onlyPartitionsThatWereWrittenToAreLookedAt() {
        Map<String, @Nullable String> monday = Map.of("day", "monday");
        Map<String, @Nullable String> tuesday = Map.of("day", "tuesday");
        List<AddFile> all = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            all.add(file(monday, 1, 10));
            all.add(file(tuesday, 1, 10));
        }
        SmallFiles files = new SmallFiles(0, all, 16, FILE_BYTES);
        Set<Map<String, @Nullable String>> partitions = new HashSet<>(Set.of(tuesday, Map.of("day", "sunday")));

        List<SmallFiles.Due> due = files.due(partitions);

        assertEquals(1, due.size());
        assertTrue(due.getFirst().files().stream()
                .allMatch(file -> file.partitionValues().equals(tuesday)));
        assertEquals(Set.of(tuesday), partitions, "where nothing is due nothing is looked at again");
    }

    @Test
    void aFileThatIsTakenOutWithoutItsPartitionIsGone() {
        Map<String, @Nullable String> monday = Map.of("day", "monday");
        List<AddFile> all =
                IntStream.range(0, 16).mapToObj(_ -> file(monday, 1, 10)).toList();
        SmallFiles files = new SmallFiles(0, all, 16, FILE_BYTES);
        files.apply(List.of(new RemoveFile(all.getFirst().path(), 0, true, Map.of(), 0, Optional.empty())));

        assertFalse(files.has(all.subList(0, 1)));
        assertTrue(files.has(all.subList(1, 16)));
        assertEquals(List.of(), files.due(new HashSet<>(Set.of(monday))));
    }

    @Test
    void deletedRowsDoNotCount() {
        DeletionVector gone = new DeletionVector("u", "path", OptionalInt.of(1), 34, 15);
        List<AddFile> all = new ArrayList<>(files(15, 1, 10));
        all.add(file(16, 10).withDeletionVector(gone));

        assertEquals(1, due(new SmallFiles(0, all, 16, FILE_BYTES)).size());
    }

    @Test
    void itFollowsTheLog() {
        List<AddFile> before = files(16, 1, 10);
        SmallFiles files = new SmallFiles(7, before, 16, FILE_BYTES);

        files.apply(List.of(before.getFirst().remove(0)));
        assertEquals(8, files.version());
        assertEquals(List.of(), due(files));
        assertFalse(files.has(before));

        DeletionVector gone = new DeletionVector("u", "path", OptionalInt.of(1), 34, 0);
        AddFile marked = before.getLast().withDeletionVector(gone);
        files.apply(List.of(marked, before.getLast().remove(0), file(1, 10)));
        assertEquals(16, due(files).getFirst().files().size());
        assertFalse(files.has(List.of(before.getLast())));
        assertTrue(files.has(List.of(marked)));
    }

    /// However many files come: few stay, and a row is written anew once for each level at most. Both are bounds of
    /// the method, not measurements.
    @Test
    void aThousandBatchesLeaveFewFilesForLittleWork() {
        Random sizes = new Random(1);
        SmallFiles files = new SmallFiles(0, List.of(), 16, FILE_BYTES);
        Set<AddFile> live = new HashSet<>();
        long rows = 0;
        long rewritten = 0;
        for (int batch = 0; batch < 1_000; batch++) {
            int ofBatch = 1 + sizes.nextInt(30);
            AddFile added = file(ofBatch, 500 + 4L * ofBatch);
            rows += ofBatch;
            files.apply(List.of(added));
            live.add(added);
            for (List<SmallFiles.Due> due = due(files); !due.isEmpty(); due = due(files)) {
                List<AddFile> old = due.getFirst().files();
                long moved = old.stream().mapToLong(SmallFilesTest::rowsOf).sum();
                AddFile together = file(moved, 500 + 4 * moved);
                List<Action> actions = new ArrayList<>(List.of(together));
                old.forEach(file -> actions.add(file.moved(0)));
                files.apply(actions);
                old.forEach(live::remove);
                live.add(together);
                rewritten += moved;
            }
            assertTrue(live.size() <= 4 * 15 + 1, live.size() + " files after batch " + batch);
        }
        assertEquals(rows, live.stream().mapToLong(SmallFilesTest::rowsOf).sum());
        assertTrue(rewritten <= 4 * rows, rewritten + " of " + rows);
    }

    private static long rowsOf(AddFile file) {
        return Long.parseLong(file.stats().orElseThrow().replaceAll("\\D", ""));
    }
}

package dev.headrace.state.memory;

import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Memory;
import dev.headrace.state.KeyGroups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/// Merges runs of a map: of the changes of a key the last one stays.
record EntryMerge(KeyGroups groups) implements StateFiles.RunMerge {
    /// One reader of a merge.
    ///
    /// @param age larger for newer runs
    private record Cursor(RunReader reader, int age) {}

    /// By key, in the order of a run's file; of equal keys the newest first.
    private int compare(Cursor left, Cursor right) {
        long leftHash = left.reader().hash();
        long rightHash = right.reader().hash();
        if (leftHash != rightHash) {
            int byGroup = Integer.compare(groups.groupOf(leftHash), groups.groupOf(rightHash));
            return byGroup != 0 ? byGroup : Long.compare(leftHash, rightHash);
        }
        int byKey = Arrays.compareUnsigned(left.reader().key(), right.reader().key());
        return byKey != 0 ? byKey : Integer.compare(right.age(), left.age());
    }

    @Override
    public void merge(List<Run> inputs, Run merged) {
        PriorityQueue<Cursor> queue = new PriorityQueue<>(this::compare);
        List<RunReader> readers = new ArrayList<>();
        try (RunWriter writer = new RunWriter(merged, groups)) {
            for (int i = 0; i < inputs.size(); i++) {
                RunReader reader = RunReader.open(inputs.get(i), groups.count());
                readers.add(reader);
                if (reader.next()) {
                    queue.add(new Cursor(reader, i));
                }
            }
            byte[] last = new byte[0];
            boolean any = false;
            while (!queue.isEmpty()) {
                Cursor newest = queue.poll();
                RunReader entry = newest.reader();
                boolean superseded = any && Arrays.equals(last, entry.key());
                if (!superseded && !(entry.isDeletion() && merged.from() == 0)) {
                    writer.add(
                            entry.hash(),
                            entry.key(),
                            Memory.BYTES,
                            entry.key().length,
                            entry.value(),
                            Memory.BYTES,
                            entry.isDeletion() ? -1 : entry.value().length,
                            entry.expiry());
                }
                last = entry.key();
                any = true;
                if (entry.next()) {
                    queue.add(newest);
                }
            }
            writer.finish();
        } catch (IOException e) {
            throw StateFiles.failed(merged.file(), "writing", e);
        } finally {
            Closing.all(readers);
        }
    }
}

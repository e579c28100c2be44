package dev.headrace.state.memory;

import dev.headrace.chunk.Memory;
import dev.headrace.state.KeyGroups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Merges runs of a map: of the changes of a key the last one stays.
record EntryMerge(KeyGroups groups) implements StateFiles.RunMerge {
    /// One reader of a merge.
    ///
    /// @param age larger for newer runs
    private record Cursor(RunReader reader, int age) {}

    @Override
    public void merge(List<Run> inputs, Run merged) {
        Comparator<Cursor> order = Comparator.<Cursor>comparingInt(
                        c -> groups.groupOf(c.reader().hash()))
                .thenComparingLong(c -> c.reader().hash())
                .thenComparing(c -> c.reader().key(), Arrays::compareUnsigned)
                .thenComparing(Comparator.comparingInt(Cursor::age).reversed());
        PriorityQueue<Cursor> queue = new PriorityQueue<>(order);
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
            readers.forEach(RunReader::close);
        }
    }
}

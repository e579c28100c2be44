package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Memory;
import dev.headrace.delta.cdc.Sequences;
import dev.headrace.exec.KeyTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;

/// The versions of rows in a table that a batch of changes may be about, numbered as they are found. In arrays: there
/// may be many.
final class FoundVersions {
    private final Sequences sequences;
    private int count;
    private int[] slots = new int[1024];
    private int[] files = new int[1024];
    private int[] places = new int[1024];
    private long[] froms = new long[1024];
    private long[] tos = new long[1024];
    private int[] bySlot = new int[0];
    private int[] starts = new int[0];

    FoundVersions(Sequences sequences) {
        this.sequences = sequences;
    }

    /// Takes in rows of a file. May be called by several threads.
    ///
    /// @param found the slot of each row's key, or [KeyTable#ABSENT]
    /// @param others whether versions of other keys count if they are valid after this rank; [Sequences#NEVER] for none
    synchronized void add(int[] found, Chunk rows, int from, int file, BigIntVector where, long others) {
        FieldVector begins = rows.column(from);
        FieldVector ends = rows.column(from + 1);
        long data = where.getDataBuffer().memoryAddress();
        for (int row = 0; row < rows.rowCount(); row++) {
            if (found[row] == KeyTable.ABSENT && others == Sequences.NEVER) {
                continue;
            }
            long end = ends.isNull(row) ? Sequences.NEVER : sequences.add(ends, row);
            if (found[row] == KeyTable.ABSENT && sequences.areRanks() && end <= others) {
                continue;
            }
            int place = Math.toIntExact(Memory.getLong(data + 8L * row));
            add(found[row], file, place, sequences.add(begins, row), end);
        }
    }

    private void add(int slot, int file, int place, long from, long to) {
        if (count == slots.length) {
            slots = Arrays.copyOf(slots, 2 * count);
            files = Arrays.copyOf(files, 2 * count);
            places = Arrays.copyOf(places, 2 * count);
            froms = Arrays.copyOf(froms, 2 * count);
            tos = Arrays.copyOf(tos, 2 * count);
        }
        slots[count] = slot;
        files[count] = file;
        places[count] = place;
        froms[count] = from;
        tos[count++] = to;
    }

    /// Sorts them out by slot when all are there; those of no slot come first.
    void order(int slotCount) {
        starts = new int[slotCount + 2];
        for (int version = 0; version < count; version++) {
            starts[slots[version] + 2]++;
        }
        for (int slot = 1; slot < starts.length; slot++) {
            starts[slot] += starts[slot - 1];
        }
        bySlot = new int[count];
        int[] next = Arrays.copyOf(starts, starts.length);
        for (int version = 0; version < count; version++) {
            bySlot[next[slots[version] + 1]++] = version;
        }
    }

    /// The versions of a slot are those at `[first(slot), end(slot))`; [KeyTable#ABSENT] is one, too.
    int first(int slot) {
        return starts[slot + 1];
    }

    int end(int slot) {
        return slot + 2 < starts.length ? starts[slot + 2] : count;
    }

    /// The number of a version.
    int at(int i) {
        return bySlot[i];
    }

    int file(int version) {
        return files[version];
    }

    int place(int version) {
        return places[version];
    }

    /// The rank of the sequence at which a version begins.
    long from(int version) {
        return sequences.rank(froms[version]);
    }

    /// The rank of the sequence at which it ends; [Sequences#NEVER] for one that is valid.
    long to(int version) {
        return sequences.rank(tos[version]);
    }

    /// The chosen versions by file, in the order of their places: each the place and the number, in one long.
    Map<Integer, long[]> byFile(java.util.BitSet chosen) {
        Map<Integer, Integer> sizes = new HashMap<>();
        chosen.stream().forEach(version -> sizes.merge(files[version], 1, Integer::sum));
        Map<Integer, long[]> byFile = new HashMap<>();
        sizes.forEach((file, size) -> byFile.put(file, new long[size]));
        Map<Integer, int[]> next = new HashMap<>();
        chosen.stream().forEach(version -> {
            int at = next.computeIfAbsent(files[version], _ -> new int[1])[0]++;
            long[] ofFile = java.util.Objects.requireNonNull(byFile.get(files[version]));
            ofFile[at] = (long) places[version] << 32 | version;
        });
        byFile.values().forEach(Arrays::sort);
        return byFile;
    }
}

package dev.headrace.files;

import java.util.Arrays;

/// Sorts the rotations of a block: its texts that begin at each of its bytes and go on at its start.
///
/// They are sorted by their first two bytes, then by the first four, and so on: which of two rotations with the same
/// first `length` bytes comes first is known from the places of those that begin so much further on. So a block takes
/// about as long whatever it holds; sorting by comparing takes minutes for a block of equal lines.
final class Bzip2Rotations {
    private final int size;
    private final int[] order;
    /// For the rotation at each byte, the place of the first one that is not known to differ.
    private final int[] ranks;
    private final long[] keys;
    /// Where groups of rotations begin and end that are not known to differ.
    private int[] groups;
    private int groupEnds;

    private Bzip2Rotations(int size) {
        this.size = size;
        this.order = new int[size];
        this.ranks = new int[size];
        this.keys = new long[size];
        this.groups = new int[1024];
    }

    /// Where the rotations begin, in their order.
    static int[] sorted(byte[] block, int size) {
        Bzip2Rotations rotations = new Bzip2Rotations(size);
        rotations.sortByTwoBytes(block);
        for (int length = 2; length < size && rotations.groupEnds > 0; length *= 2) {
            rotations.sortGroups(length);
        }
        return rotations.order;
    }

    private void sortByTwoBytes(byte[] block) {
        int[] starts = new int[(1 << 16) + 1];
        for (int at = 0; at < size; at++) {
            starts[pair(block, at) + 1]++;
        }
        for (int pair = 0; pair < 1 << 16; pair++) {
            starts[pair + 1] += starts[pair];
            addGroup(starts[pair], starts[pair + 1]);
        }
        int[] next = starts.clone();
        for (int at = 0; at < size; at++) {
            int pair = pair(block, at);
            order[next[pair]++] = at;
            ranks[at] = starts[pair];
        }
    }

    private int pair(byte[] block, int at) {
        return (block[at] & 0xff) << 8 | block[at + 1 == size ? 0 : at + 1] & 0xff;
    }

    private void addGroup(int from, int to) {
        if (to - from < 2) {
            return;
        }
        if (groupEnds == groups.length) {
            groups = Arrays.copyOf(groups, 2 * groups.length);
        }
        groups[groupEnds++] = from;
        groups[groupEnds++] = to;
    }

    private void sortGroups(int length) {
        int[] known = Arrays.copyOf(groups, groupEnds);
        groupEnds = 0;
        for (int group = 0; group < known.length; group += 2) {
            sortGroup(known[group], known[group + 1], length);
        }
    }

    private void sortGroup(int from, int to, int length) {
        for (int i = from; i < to; i++) {
            int further = order[i] + length;
            keys[i] = (long) ranks[further < size ? further : further - size] << 32 | order[i];
        }
        Arrays.sort(keys, from, to);
        int start = from;
        for (int i = from; i < to; i++) {
            if (keys[i] >> 32 != keys[start] >> 32) {
                addGroup(start, i);
                start = i;
            }
            order[i] = (int) keys[i];
            ranks[order[i]] = start;
        }
        addGroup(start, to);
    }
}

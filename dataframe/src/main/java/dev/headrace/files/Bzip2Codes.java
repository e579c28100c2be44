package dev.headrace.files;

import java.util.Arrays;

/// A code of bits for each symbol of an alphabet: the more often a symbol comes, the shorter its code is.
///
/// @param lengths how many bits each symbol has
/// @param codes these bits
record Bzip2Codes(int[] lengths, int[] codes) {
    /// More bits than this no symbol has.
    private static final int LONGEST = 17;
    private static final int SYMBOL_BITS = 9;

    /// @param counts how often each symbol comes; of those that don't come, each has a code, too
    static Bzip2Codes of(int[] counts) {
        int[] weights = counts.clone();
        int[] lengths = lengths(weights);
        while (Arrays.stream(lengths).max().orElse(0) > LONGEST) {
            for (int i = 0; i < weights.length; i++) {
                weights[i] = weights[i] / 2 + 1;
            }
            lengths = lengths(weights);
        }
        return new Bzip2Codes(lengths, codes(lengths));
    }

    /// Huffman's way: the two lightest trees become one, until there is one. Those that are made get heavier and
    /// heavier, so they wait behind each other.
    private static int[] lengths(int[] weights) {
        int count = weights.length;
        long[] leaves = new long[count];
        for (int i = 0; i < count; i++) {
            leaves[i] = (long) Math.max(1, weights[i]) << SYMBOL_BITS | i;
        }
        Arrays.sort(leaves);
        int[] parents = new int[2 * count - 1];
        long[] made = new long[count - 1];
        int leaf = 0;
        int tree = 0;
        for (int next = 0; next < count - 1; next++) {
            for (int side = 0; side < 2; side++) {
                if (tree == next || leaf < count && leaves[leaf] >> SYMBOL_BITS <= made[tree]) {
                    made[next] += leaves[leaf] >> SYMBOL_BITS;
                    parents[(int) leaves[leaf++] & (1 << SYMBOL_BITS) - 1] = count + next;
                } else {
                    made[next] += made[tree];
                    parents[count + tree++] = count + next;
                }
            }
        }
        int[] depths = new int[2 * count - 1];
        for (int i = 2 * count - 3; i >= 0; i--) {
            depths[i] = depths[parents[i]] + 1;
        }
        return Arrays.copyOf(depths, count);
    }

    /// Codes of one length follow each other, those of longer ones behind them.
    private static int[] codes(int[] lengths) {
        int[] codes = new int[lengths.length];
        int next = 0;
        for (int length = 1; length <= LONGEST; length++) {
            for (int i = 0; i < lengths.length; i++) {
                if (lengths[i] == length) {
                    codes[i] = next++;
                }
            }
            next <<= 1;
        }
        return codes;
    }
}

package dev.headrace.engine.stateful;

import java.util.Arrays;
import java.util.Comparator;

/// Intervals of keys put together to sessions: intervals of one key that overlap or touch are one session.
///
/// @param sessionOf which session each interval belongs to
/// @param starts,ends of each session
/// @param count the number of sessions
record MergedSessions(int[] sessionOf, long[] starts, long[] ends, int count) {

    /// @param keyOf the key of each interval, from 0
    /// @param starts,ends of each interval
    static MergedSessions of(int[] keyOf, long[] starts, long[] ends, int keyCount) {
        int[] order = byKeyAndStart(keyOf, starts, keyCount);
        int[] sessionOf = new int[order.length];
        long[] sessionStarts = new long[order.length];
        long[] sessionEnds = new long[order.length];
        int count = 0;
        for (int i = 0; i < order.length; i++) {
            int at = order[i];
            boolean joins = i > 0 && keyOf[order[i - 1]] == keyOf[at] && starts[at] <= sessionEnds[count - 1];
            if (joins) {
                sessionEnds[count - 1] = Math.max(sessionEnds[count - 1], ends[at]);
            } else {
                sessionStarts[count] = starts[at];
                sessionEnds[count++] = ends[at];
            }
            sessionOf[at] = count - 1;
        }
        return new MergedSessions(sessionOf, sessionStarts, sessionEnds, count);
    }

    private static int[] byKeyAndStart(int[] keyOf, long[] starts, int keyCount) {
        int[] from = new int[keyCount + 1];
        for (int key : keyOf) {
            from[key + 1]++;
        }
        for (int k = 0; k < keyCount; k++) {
            from[k + 1] += from[k];
        }
        int[] next = from.clone();
        Integer[] order = new Integer[keyOf.length];
        for (int i = 0; i < keyOf.length; i++) {
            order[next[keyOf[i]]++] = i;
        }
        Comparator<Integer> byStart = Comparator.comparingLong(i -> starts[i]);
        for (int k = 0; k < keyCount; k++) {
            if (from[k + 1] - from[k] > 1) {
                Arrays.sort(order, from[k], from[k + 1], byStart);
            }
        }
        int[] sorted = new int[order.length];
        Arrays.setAll(sorted, i -> order[i]);
        return sorted;
    }
}

package dev.headrace.delta;

import java.util.Arrays;

/// What happened to one key, in the order in which it happened. Reused from key to key.
///
/// Of several moments at one sequence the one that was added last counts.
final class Moments {
    /// What a moment is.
    enum Kind {
        /// Nothing is valid from here on.
        END,
        /// A version that the table has begins.
        VERSION,
        /// A row of the batch begins.
        ROW
    }

    private static final int FEW = 32;

    private long[] at = new long[16];
    private Kind[] kinds = new Kind[16];
    private int[] subjects = new int[16];
    private int count;

    void clear() {
        count = 0;
    }

    /// @param sequence a rank
    /// @param subject the version's number, or the row's
    void add(long sequence, Kind kind, int subject) {
        if (count == at.length) {
            at = Arrays.copyOf(at, 2 * count);
            kinds = Arrays.copyOf(kinds, 2 * count);
            subjects = Arrays.copyOf(subjects, 2 * count);
        }
        set(count++, sequence, kind, subject);
    }

    private void set(int i, long sequence, Kind kind, int subject) {
        at[i] = sequence;
        kinds[i] = kind;
        subjects[i] = subject;
    }

    /// Puts them in order, those of one sequence as they were added.
    void sort() {
        if (count <= FEW) {
            sortFew();
            return;
        }
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        long[] oldAt = at.clone();
        Kind[] oldKinds = kinds.clone();
        int[] oldSubjects = subjects.clone();
        Arrays.sort(order, (a, b) -> Long.compare(oldAt[a], oldAt[b]));
        for (int i = 0; i < count; i++) {
            set(i, oldAt[order[i]], oldKinds[order[i]], oldSubjects[order[i]]);
        }
    }

    private void sortFew() {
        for (int i = 1; i < count; i++) {
            long sequence = at[i];
            Kind kind = kinds[i];
            int subject = subjects[i];
            int to = i;
            while (to > 0 && at[to - 1] > sequence) {
                set(to, at[to - 1], kinds[to - 1], subjects[to - 1]);
                to--;
            }
            set(to, sequence, kind, subject);
        }
    }

    int count() {
        return count;
    }

    long at(int i) {
        return at[i];
    }

    Kind kind(int i) {
        return kinds[i];
    }

    int subject(int i) {
        return subjects[i];
    }

    /// Whether a later moment at the same sequence counts.
    boolean isReplaced(int i) {
        return i + 1 < count && at[i + 1] == at[i];
    }

    /// The sequence of the next moment that is not at the same sequence.
    ///
    /// @param none if there is none
    long next(int i, long none) {
        return i + 1 < count ? at[i + 1] : none;
    }
}

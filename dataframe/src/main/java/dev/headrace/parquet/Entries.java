package dev.headrace.parquet;

import java.util.Arrays;

/// Rows on their way down a nested column: per entry the levels so far, and where its value lies in the vector at hand.
final class Entries {
    byte[] definition = new byte[0];
    byte[] repetition = new byte[0];
    /// The row of the vector; -1 where something above is null or an empty list.
    int[] row = new int[0];
    int count;

    void add(int newDefinition, int newRepetition, int newRow) {
        if (count == row.length) {
            int larger = Math.max(1_024, 2 * count);
            definition = Arrays.copyOf(definition, larger);
            repetition = Arrays.copyOf(repetition, larger);
            row = Arrays.copyOf(row, larger);
        }
        definition[count] = (byte) newDefinition;
        repetition[count] = (byte) newRepetition;
        row[count++] = newRow;
    }

    /// Begins with the rows `[from, from + rows)` themselves.
    void setRows(int from, int rows) {
        count = 0;
        for (int i = 0; i < rows; i++) {
            add(0, 0, from + i);
        }
    }
}

package dev.headrace.exec;

import dev.headrace.chunk.Hash;
import dev.headrace.chunk.Memory;
import dev.headrace.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;

/// Keys of few columns that are stored as integers, read from where they are: for each row the words that
/// [dev.headrace.chunk.RowLayout] gives it, one of null bits and one for each column. Nothing is written, hashed and
/// compared row by row, so that the keys of many rows are fetched from memory at the same time. Used by one thread.
final class KeyWords {
    /// Of more, each row's words are far apart.
    private static final int MOST_COLUMNS = 8;

    private final int[] widths;

    /// The null bits of the rows, then each column's values.
    private final long[][] words;

    /// Whether the words of null bits are all 0.
    private boolean noNulls;

    private KeyWords(int[] widths) {
        this.widths = widths;
        this.words = new long[1 + widths.length][0];
    }

    /// Empty if keys of these types are not such words.
    static Optional<KeyWords> of(List<DataType> types) {
        int[] widths = types.stream().mapToInt(SingleKey::width).toArray();
        return widths.length > 0
                        && widths.length <= MOST_COLUMNS
                        && Arrays.stream(widths).allMatch(width -> width > 0)
                ? Optional.of(new KeyWords(widths))
                : Optional.empty();
    }

    /// Reads the keys of some rows, instead of those before.
    ///
    /// @param columns borrowed
    void read(List<FieldVector> columns, int rows) {
        if (words[0].length < rows) {
            for (int w = 0; w < words.length; w++) {
                words[w] = new long[rows];
            }
        } else if (!noNulls) {
            Arrays.fill(words[0], 0);
        }
        noNulls = true;
        for (int c = 0; c < widths.length; c++) {
            read(columns.get(c), c, rows);
        }
    }

    private void read(FieldVector column, int at, int rows) {
        long[] to = words[1 + at];
        int width = widths[at];
        long data = column.getDataBuffer().memoryAddress();
        for (int i = 0; i < rows; i++) {
            to[i] = SingleKey.number(data, width, i);
        }
        if (column.getNullCount() > 0) {
            noNulls = false;
            long[] nulls = words[0];
            long validity = column.getValidityBuffer().memoryAddress();
            long bit = 1L << at;
            for (int i = 0; i < rows; i++) {
                if (!Memory.bit(validity, i)) {
                    to[i] = 0;
                    nulls[i] |= bit;
                }
            }
        }
    }

    void hash(int rows, long[] out) {
        Hash.ofWords(words, noNulls, rows, out);
    }

    /// Sets to 0 the addresses of keys that are not those of the rows; 0 says that a row has none.
    void keepEqual(long[] keys, int rows) {
        long[] nulls = words[0];
        long[] first = words[1];
        for (int i = 0; i < rows; i++) {
            long key = keys[i];
            if (key != 0 && (Memory.getLong(key) != nulls[i] || Memory.getLong(key + 8) != first[i])) {
                keys[i] = 0;
            }
        }
        for (int w = 2; w < words.length; w++) {
            long[] wanted = words[w];
            long offset = 8L * w;
            for (int i = 0; i < rows; i++) {
                if (keys[i] != 0 && Memory.getLong(keys[i] + offset) != wanted[i]) {
                    keys[i] = 0;
                }
            }
        }
    }

    boolean isEqual(int row, long key) {
        for (int w = 0; w < words.length; w++) {
            if (Memory.getLong(key + 8L * w) != words[w][row]) {
                return false;
            }
        }
        return true;
    }

    /// The bytes of each key.
    int bytes() {
        return Long.BYTES * words.length;
    }

    void write(int row, long key) {
        for (int w = 0; w < words.length; w++) {
            Memory.putLong(key + 8L * w, words[w][row]);
        }
    }
}

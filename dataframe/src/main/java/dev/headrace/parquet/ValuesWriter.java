package dev.headrace.parquet;

import dev.headrace.parquet.encoding.NativeOutput;
import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;

/// Encodes the values of one column, page after page: `append* finishPage` per page, `clear` per row group.
abstract sealed class ValuesWriter implements AutoCloseable permits BitsWriter, BytesWriter, NumbersWriter {
    /// Takes in the values of some rows.
    abstract void append(FieldVector vector, PresentRows rows);

    /// About how many bytes the page has so far.
    abstract long pageBytes();

    /// Appends the page's values to `out`, and their least and greatest to `statistics`.
    abstract Encoding finishPage(NativeOutput out, Statistics<?> statistics);

    /// How many entries the row group's dictionary has; 0 if none of its pages needs one.
    abstract int dictionarySize();

    /// Appends the dictionary to `out`.
    abstract void writeDictionary(NativeOutput out);

    /// Forgets the row group.
    abstract void clear();

    @Override
    public abstract void close();

    /// The ids of a page whose values are in a dictionary.
    static final class PageIds {
        int[] ids = new int[0];
        int count;

        /// Makes room for `more` ids, and eight beyond.
        void reserve(int more) {
            if (ids.length < count + more + 8) {
                ids = Arrays.copyOf(ids, Math.max(count + more + 8, 2 * ids.length));
            }
        }
    }
}

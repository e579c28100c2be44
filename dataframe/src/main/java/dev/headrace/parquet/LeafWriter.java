package dev.headrace.parquet;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.errors.DataException;
import dev.headrace.parquet.encoding.Bits;
import dev.headrace.parquet.encoding.HybridEncoder;
import dev.headrace.parquet.encoding.NativeOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;

/// Writes a column of the file: levels and values into pages, pages into a column chunk, which is kept compressed until
/// the row group ends.
final class LeafWriter implements AutoCloseable {
    private final ColumnDescriptor column;
    private final int maxDefinition;
    private final int maxRepetition;
    private final boolean nullable;
    private final ValuesWriter values;
    private final Optional<BloomFilterBuilder> filter;
    private final PageCompressor compressor;
    private final ParquetWriteOptions options;

    private final PresentRows present = new PresentRows();
    private final NativeOutput page;
    private final NativeOutput chunk;
    private final List<Page> pages = new ArrayList<>();

    private final GrowingBitmap validity;
    private byte[] definition = new byte[0];
    private byte[] repetition = new byte[0];
    private int pageEntries;
    private int pageNulls;
    private int pageRows;
    private long chunkEntries;

    /// A compressed page within the chunk.
    private record Page(
            long start,
            int bytes,
            int plainBytes,
            int entries,
            int rows,
            Encoding encoding,
            Statistics<?> statistics) {}

    /// @param nullable whether the leaf itself may be null
    /// @param filter what `values` gives the values to
    LeafWriter(
            ColumnDescriptor column,
            boolean nullable,
            ValuesWriter values,
            Optional<BloomFilterBuilder> filter,
            PageCompressor compressor,
            ParquetWriteOptions options,
            BufferAllocator allocator) {
        this.column = column;
        this.filter = filter;
        this.maxDefinition = column.getMaxDefinitionLevel();
        this.maxRepetition = column.getMaxRepetitionLevel();
        this.nullable = nullable;
        this.values = values;
        this.compressor = compressor;
        this.options = options;
        this.page = new NativeOutput(allocator);
        this.chunk = new NativeOutput(allocator);
        this.validity = new GrowingBitmap(allocator);
        validity.begin(1);
    }

    /// Whether nothing above the leaf is nullable or repeated: then rows come as they are, without entries.
    private boolean isFlat() {
        return maxRepetition == 0 && maxDefinition == (nullable ? 1 : 0);
    }

    /// Takes in rows of a top-level column.
    void append(FieldVector vector, int from, int rows) {
        int nulls = nullsIn(vector, from, rows);
        if (nulls > 0) {
            requireNullable();
            present.setValid(vector, from, rows);
            appendBits(vector, from, rows);
        } else {
            present.setRange(from, rows);
            if (nullable) {
                Bits.setRange(validity.reserve(pageEntries + rows), pageEntries, rows);
            }
        }
        pageEntries += rows;
        pageNulls += nulls;
        values.append(vector, present);
    }

    private static int nullsIn(FieldVector vector, int from, int rows) {
        if (vector.getNullCount() == 0) {
            return 0;
        }
        long bitmap = vector.getValidityBuffer().memoryAddress();
        int valid = 0;
        for (int done = 0; done < rows; done += 32) {
            int take = Math.min(32, rows - done);
            valid += Long.bitCount(Bits.lastWord(bitmap, (long) from + done, take) & (1L << take) - 1);
        }
        return rows - valid;
    }

    private void appendBits(FieldVector vector, int from, int rows) {
        Bits.copy(
                vector.getValidityBuffer().memoryAddress(),
                from,
                validity.reserve(pageEntries + rows),
                pageEntries,
                rows);
    }

    /// Takes in entries of a nested column.
    void append(FieldVector vector, Entries entries) {
        int count = entries.count;
        if (definition.length < pageEntries + count) {
            int larger = Math.max(pageEntries + count, 2 * definition.length);
            definition = Arrays.copyOf(definition, larger);
            repetition = Arrays.copyOf(repetition, larger);
        }
        present.start(count);
        for (int i = 0; i < count; i++) {
            int row = entries.row[i];
            int level = entries.definition[i];
            if (row >= 0) {
                if (!vector.isNull(row)) {
                    level = maxDefinition;
                    present.add(row);
                } else {
                    requireNullable();
                }
            }
            definition[pageEntries + i] = (byte) level;
            repetition[pageEntries + i] = entries.repetition[i];
        }
        pageEntries += count;
        pageNulls += count - present.count();
        values.append(vector, present);
    }

    private void requireNullable() {
        if (!nullable) {
            throw new DataException(
                    "NULL_IN_REQUIRED_COLUMN",
                    "The column '" + String.join(".", column.getPath())
                            + "' is declared not null, but a row to be written "
                            + "has null in it. Declare it nullable, or filter such rows out.");
        }
    }

    /// Counts rows in, all of whose entries have been appended, and ends the page when it is full.
    void endRows(int rows) {
        pageRows += rows;
        if (pageRows >= options.pageRows() || values.pageBytes() >= options.pageBytes()) {
            finishPage();
        }
    }

    private void finishPage() {
        page.clear();
        if (maxRepetition > 0) {
            levels(repetition, maxRepetition);
        }
        if (maxDefinition > 0) {
            if (isFlat()) {
                bits();
            } else {
                levels(definition, maxDefinition);
            }
        }
        Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
        statistics.incrementNumNulls(pageNulls);
        Encoding encoding = values.finishPage(page, statistics);
        long start = chunk.size();
        compressor.compress(page, chunk);
        pages.add(new Page(
                start,
                (int) (chunk.size() - start),
                Math.toIntExact(page.size()),
                pageEntries,
                pageRows,
                encoding,
                statistics));
        chunkEntries += pageEntries;
        pageEntries = 0;
        pageNulls = 0;
        pageRows = 0;
        validity.begin(1);
    }

    private void levels(byte[] levels, int max) {
        long lengthAt = page.size();
        page.putInt(0);
        HybridEncoder.encode(levels, pageEntries, HybridEncoder.width(max), page);
        page.setInt(lengthAt, (int) (page.size() - lengthAt - 4));
    }

    private void bits() {
        long lengthAt = page.size();
        page.putInt(0);
        if (pageNulls == 0) {
            HybridEncoder.repeat(1, pageEntries, 1, page);
        } else {
            HybridEncoder.encodeBits(validity.address(), pageEntries, page);
        }
        page.setInt(lengthAt, (int) (page.size() - lengthAt - 4));
    }

    /// About how many bytes the column chunk would take in the file.
    long chunkBytes() {
        return chunk.size() + values.pageBytes();
    }

    /// Writes the column chunk, and begins the next.
    void flush(ParquetFileWriter file) throws IOException {
        if (pageEntries > 0) {
            finishPage();
        }
        file.startColumn(column, chunkEntries, compressor.codecName());
        if (values.dictionarySize() > 0) {
            writeDictionary(file);
        }
        for (Page each : pages) {
            Cancellation.checkThread();
            file.writeDataPage(
                    each.entries,
                    each.plainBytes,
                    BytesInput.from(chunk.bytes().nioBuffer(each.start, each.bytes)),
                    each.statistics,
                    each.rows,
                    Encoding.RLE,
                    Encoding.RLE,
                    each.encoding);
        }
        file.endColumn();
        filter.flatMap(BloomFilterBuilder::finish)
                .ifPresent(bits -> file.addBloomFilter(String.join(".", column.getPath()), bits));
        pages.clear();
        chunk.clear();
        values.clear();
        chunkEntries = 0;
    }

    private void writeDictionary(ParquetFileWriter file) throws IOException {
        page.clear();
        values.writeDictionary(page);
        long start = chunk.size();
        compressor.compress(page, chunk);
        int bytes = (int) (chunk.size() - start);
        file.writeDictionaryPage(new DictionaryPage(
                BytesInput.from(chunk.bytes().nioBuffer(start, bytes)),
                Math.toIntExact(page.size()),
                values.dictionarySize(),
                Encoding.PLAIN));
    }

    @Override
    public void close() {
        values.close();
        page.close();
        chunk.close();
        validity.close();
    }
}

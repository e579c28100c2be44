package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.HybridEncoder;
import dev.headrace.parquet.encoding.NativeOutput;
import dev.headrace.parquet.encoding.NumberDictionary;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// Writes numbers of four or eight bytes: by a dictionary while that is small, else PLAIN.
///
/// Values pass through as `long`: integers as they are, floating-point numbers as their bits.
final class NumbersWriter extends ValuesWriter {
    private final PrimitiveTypeName type;
    private final int width;
    private final int sourceWidth;
    private final NumberDictionary dictionary;
    private final NativeOutput plain;
    private final PageIds page = new PageIds();
    private long[] values = new long[0];

    private final Optional<BloomFilterBuilder> filter;

    private boolean useDictionary;
    private boolean firstPage = true;
    private boolean lastGroupGaveUp;
    private boolean dictionaryNeeded;
    private long min;
    private long max;
    private double minDouble;
    private double maxDouble;
    private long nans;
    private long pageValues;

    /// @param sourceWidth the bytes of a vector's slot: 1, 2, 4, 8 or 16
    NumbersWriter(
            PrimitiveType type,
            int sourceWidth,
            Optional<BloomFilterBuilder> filter,
            ParquetWriteOptions options,
            BufferAllocator allocator) {
        this.filter = filter;
        this.type = type.getPrimitiveTypeName();
        this.width = Physical.width(type);
        this.sourceWidth = sourceWidth;
        this.dictionary = new NumberDictionary(Math.max(1, options.dictionaryBytes() / width));
        this.plain = new NativeOutput(allocator);
        this.useDictionary = options.dictionaryBytes() > 0;
        this.lastGroupGaveUp = !useDictionary;
        resetBounds();
    }

    @Override
    void append(FieldVector vector, PresentRows rows) {
        int count = rows.count();
        if (values.length < count) {
            values = new long[count];
        }
        gather(vector.getDataBuffer().memoryAddress(), rows, count);
        bounds(count);
        filter.ifPresent(building -> building.add(values, count));
        pageValues += count;
        int done = 0;
        if (useDictionary) {
            page.reserve(count);
            done = dictionary.ids(values, count, page.ids, page.count);
            page.count += done;
            if (done < count) {
                leaveDictionary();
            }
        }
        if (done < count) {
            appendPlain(done, count);
        }
    }

    private void gather(long from, PresentRows rows, int count) {
        switch (sourceWidth) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Memory.getByte(from + rows.row(i));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Memory.getShort(from + 2L * rows.row(i));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Memory.getInt(from + 4L * rows.row(i));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Memory.getLong(from + 8L * rows.row(i));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Memory.getLong(from + 16L * rows.row(i));
                }
            }
        }
    }

    private void bounds(int count) {
        switch (type) {
            case FLOAT -> {
                for (int i = 0; i < count; i++) {
                    bound(Float.intBitsToFloat((int) values[i]));
                }
            }
            case DOUBLE -> {
                for (int i = 0; i < count; i++) {
                    bound(Double.longBitsToDouble(values[i]));
                }
            }
            default -> {
                long least = min;
                long greatest = max;
                for (int i = 0; i < count; i++) {
                    least = Math.min(least, values[i]);
                    greatest = Math.max(greatest, values[i]);
                }
                min = least;
                max = greatest;
            }
        }
    }

    private void bound(double value) {
        if (Double.isNaN(value)) {
            nans++;
            return;
        }
        minDouble = Math.min(minDouble, value);
        maxDouble = Math.max(maxDouble, value);
    }

    private void resetBounds() {
        min = Long.MAX_VALUE;
        max = Long.MIN_VALUE;
        minDouble = Double.POSITIVE_INFINITY;
        maxDouble = Double.NEGATIVE_INFINITY;
        nans = 0;
        pageValues = 0;
    }

    private void appendPlain(int from, int count) {
        long to = plain.reserve((long) (count - from) * width);
        if (width == 4) {
            for (int i = from; i < count; i++) {
                Memory.putInt(to + 4L * (i - from), (int) values[i]);
            }
        } else {
            for (int i = from; i < count; i++) {
                Memory.putLong(to + 8L * (i - from), values[i]);
            }
        }
        plain.advance((long) (count - from) * width);
    }

    /// Goes on without dictionary, with this page already; earlier pages keep it.
    private void leaveDictionary() {
        useDictionary = false;
        lastGroupGaveUp = firstPage;
        long to = plain.reserve((long) page.count * width);
        for (int i = 0; i < page.count; i++) {
            long value = dictionary.key(page.ids[i]);
            if (width == 4) {
                Memory.putInt(to + 4L * i, (int) value);
            } else {
                Memory.putLong(to + 8L * i, value);
            }
        }
        plain.advance((long) page.count * width);
        page.count = 0;
    }

    @Override
    long pageBytes() {
        return useDictionary
                ? (long) page.count * HybridEncoder.width(Math.max(0, dictionary.size() - 1)) / 8
                : plain.size();
    }

    @Override
    Encoding finishPage(NativeOutput out, Statistics<?> statistics) {
        addBounds(statistics);
        resetBounds();
        if (useDictionary && firstPage && page.count > 0) {
            if (!dictionarySaves()) {
                leaveDictionary();
            }
            firstPage = false;
        }
        if (!useDictionary || page.count == 0) {
            out.putBytes(plain.address(), plain.size());
            plain.clear();
            return Encoding.PLAIN;
        }
        int idWidth = HybridEncoder.width(Math.max(0, dictionary.size() - 1));
        out.putByte(idWidth);
        HybridEncoder.encode(page.ids, page.count, idWidth, out);
        page.count = 0;
        dictionaryNeeded = true;
        return Encoding.RLE_DICTIONARY;
    }

    private boolean dictionarySaves() {
        return pageBytes() + (long) dictionary.size() * width < (long) page.count * width;
    }

    private void addBounds(Statistics<?> statistics) {
        if (nans > 0) {
            update(statistics, Double.NaN);
            statistics.incrementNanCount(nans - 1);
        }
        if (pageValues == nans) {
            return;
        }
        switch (type) {
            case INT32 -> {
                statistics.updateStats((int) min);
                statistics.updateStats((int) max);
            }
            case INT64 -> {
                statistics.updateStats(min);
                statistics.updateStats(max);
            }
            default -> {
                update(statistics, minDouble);
                update(statistics, maxDouble);
            }
        }
    }

    private void update(Statistics<?> statistics, double value) {
        if (type == PrimitiveTypeName.FLOAT) {
            statistics.updateStats((float) value);
        } else {
            statistics.updateStats(value);
        }
    }

    @Override
    int dictionarySize() {
        return dictionaryNeeded ? dictionary.size() : 0;
    }

    @Override
    void writeDictionary(NativeOutput out) {
        int count = dictionary.size();
        long to = out.reserve((long) count * width);
        for (int id = 0; id < count; id++) {
            if (width == 4) {
                Memory.putInt(to + 4L * id, (int) dictionary.key(id));
            } else {
                Memory.putLong(to + 8L * id, dictionary.key(id));
            }
        }
        out.advance((long) count * width);
    }

    @Override
    void clear() {
        dictionary.clear();
        dictionaryNeeded = false;
        useDictionary = !lastGroupGaveUp;
        firstPage = true;
    }

    @Override
    public void close() {
        plain.close();
    }
}

package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.BytesDictionary;
import dev.headrace.parquet.encoding.HybridEncoder;
import dev.headrace.parquet.encoding.NativeBuffer;
import dev.headrace.parquet.encoding.NativeOutput;
import java.util.Arrays;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// Writes runs of bytes: strings, binaries, and decimals of more than 18 digits, which are big-endian numbers of a
/// fixed length. By a dictionary while that is small, else PLAIN.
final class BytesWriter extends ValuesWriter {
    /// The length of every value; 0 if they differ.
    private final int fixedLength;
    private final long maxDictionary;
    private final BytesDictionary dictionary;
    private final NativeOutput plain;
    private final NativeBuffer bigEndian;
    private final BytesBounds bounds;
    private final PageIds page = new PageIds();
    private long[] addresses = new long[0];
    private int[] lengths = new int[0];
    /// By dictionary id: the number of the last page that the entry's bounds went into.
    private int[] boundIn = new int[0];

    private final Optional<BloomFilterBuilder> filter;

    private boolean useDictionary;
    private boolean firstPage = true;
    private boolean lastGroupGaveUp;
    private boolean dictionaryNeeded;
    private int pageNumber = 1;
    private long pageRaw;

    BytesWriter(
            PrimitiveType type,
            Optional<BloomFilterBuilder> filter,
            ParquetWriteOptions options,
            BufferAllocator allocator) {
        this.filter = filter;
        this.fixedLength =
                type.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY ? type.getTypeLength() : 0;
        this.maxDictionary = options.dictionaryBytes();
        this.dictionary = new BytesDictionary(maxDictionary, fixedLength == 0, allocator);
        this.plain = new NativeOutput(allocator);
        this.bigEndian = new NativeBuffer(allocator);
        this.bounds = new BytesBounds(fixedLength > 0);
        this.useDictionary = maxDictionary > 0;
        this.lastGroupGaveUp = !useDictionary;
    }

    @Override
    void append(FieldVector vector, PresentRows rows) {
        int count = rows.count();
        if (addresses.length < count) {
            addresses = new long[count];
            lengths = new int[count];
        }
        if (fixedLength > 0) {
            turnDecimals(vector.getDataBuffer().memoryAddress(), rows, count);
        } else {
            locate((BaseVariableWidthVector) vector, rows, count);
        }
        filter.ifPresent(building -> building.add(addresses, lengths, count));
        int done = 0;
        if (useDictionary) {
            page.reserve(count);
            done = dictionary.ids(addresses, lengths, count, page.ids, page.count);
            boundIds(page.count, done);
            page.count += done;
            if (done < count) {
                leaveDictionary();
            }
        }
        if (done < count) {
            for (int i = done; i < count; i++) {
                bounds.add(addresses[i], lengths[i]);
            }
            appendPlain(done, count);
        }
    }

    private void locate(BaseVariableWidthVector vector, PresentRows rows, int count) {
        long offsets = vector.getOffsetBuffer().memoryAddress();
        long data = vector.getDataBuffer().memoryAddress();
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long at = offsets + 4L * rows.row(i);
            int start = Memory.getInt(at);
            int length = Memory.getInt(at + 4) - start;
            addresses[i] = data + start;
            lengths[i] = length;
            bytes += length;
        }
        pageRaw += bytes + 4L * count;
    }

    private void turnDecimals(long from, PresentRows rows, int count) {
        long to = bigEndian.reserve((long) count * fixedLength).memoryAddress();
        for (int i = 0; i < count; i++) {
            long source = from + 16L * rows.row(i);
            long target = to + (long) i * fixedLength;
            for (int k = 0; k < fixedLength; k++) {
                Memory.putByte(target + k, Memory.getByte(source + fixedLength - 1 - k));
            }
            addresses[i] = target;
            lengths[i] = fixedLength;
        }
        pageRaw += (long) count * fixedLength;
    }

    /// Counts an entry's bounds in once per page, however often it occurs.
    private void boundIds(int from, int count) {
        if (boundIn.length < dictionary.size()) {
            boundIn = Arrays.copyOf(boundIn, Math.max(dictionary.size(), 2 * boundIn.length));
        }
        int[] ids = page.ids;
        for (int i = from; i < from + count; i++) {
            int id = ids[i];
            if (boundIn[id] != pageNumber) {
                boundIn[id] = pageNumber;
                bounds.add(dictionary.address(id), dictionary.length(id));
            }
        }
    }

    private void appendPlain(int from, int count) {
        for (int i = from; i < count; i++) {
            putPlain(addresses[i], lengths[i]);
        }
    }

    private void putPlain(long address, int length) {
        long to = plain.reserve(4L + length);
        if (fixedLength == 0) {
            Memory.putInt(to, length);
            to += 4;
            plain.advance(4);
        }
        Memory.copy(null, address, null, to, length);
        plain.advance(length);
    }

    /// Goes on without dictionary, with this page already; earlier pages keep it.
    private void leaveDictionary() {
        useDictionary = false;
        lastGroupGaveUp = firstPage;
        for (int i = 0; i < page.count; i++) {
            putPlain(dictionary.address(page.ids[i]), dictionary.length(page.ids[i]));
        }
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
        bounds.finish(statistics);
        if (useDictionary && firstPage && page.count > 0) {
            if (pageBytes() + dictionary.page().size() >= pageRaw) {
                leaveDictionary();
            }
            firstPage = false;
        }
        pageNumber++;
        pageRaw = 0;
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

    @Override
    int dictionarySize() {
        return dictionaryNeeded ? dictionary.size() : 0;
    }

    @Override
    void writeDictionary(NativeOutput out) {
        out.putBytes(dictionary.page().address(), dictionary.page().size());
    }

    @Override
    void clear() {
        dictionary.clear();
        dictionaryNeeded = false;
        useDictionary = !lastGroupGaveUp;
        firstPage = true;
        Arrays.fill(boundIn, 0);
    }

    @Override
    public void close() {
        dictionary.close();
        plain.close();
        bigEndian.close();
    }
}

package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.MalformedPageException;
import dev.headrace.parquet.encoding.NativeBuffer;
import dev.headrace.parquet.metadata.CompactReader;
import dev.headrace.parquet.metadata.MalformedMetadataException;
import dev.headrace.parquet.metadata.PageHeader;
import java.util.zip.CRC32;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.jspecify.annotations.Nullable;

/// The pages of one column, row group after row group: read, checked against their checksum, decompressed.
///
/// [#next] moves to a data page, whose parts are then the fields here. A page's bytes stay where they are until the
/// next one; the dictionary's until the next row group. One thread.
final class ColumnPages implements AutoCloseable {
    /// How much is read at once: large enough to make calls rare, small enough for a hundred columns.
    private static final int WINDOW = 256 << 10;
    /// What a page header rarely exceeds.
    private static final int HEADER = 512;
    /// Decompressed, a page up to this size is believed in any case.
    private static final long MIN_PLAIN_LIMIT = 64L << 20;

    private static final int MAX_HEADER = 16 << 20;

    private final FileBytes file;
    private final PageDecompressor decompressor;
    private final boolean repeated;
    private final boolean defined;
    private final boolean verifyChecksums;
    private final NativeBuffer window;
    private final NativeBuffer page;
    private final NativeBuffer dictionary;
    private final CRC32 crc = new CRC32();
    private byte[] headerBytes = new byte[HEADER];

    private CompressionCodecName codec = CompressionCodecName.UNCOMPRESSED;
    private @Nullable OffsetIndex index;
    private long windowAt;
    private int windowBytes;
    private long chunkEnd;
    private long plainLimit;
    private long position;
    private long chunkValues;
    private long valuesLeft;
    private boolean dictionaryChanged;

    /// How many values, nulls and empty lists included, the data page has.
    int valueCount;
    Encoding encoding = Encoding.PLAIN;
    /// The runs of repetition levels, of definition levels, and the values; the levels are empty where there is one
    /// only.
    long repetition;
    long repetitionEnd;
    long definition;
    long definitionEnd;
    long values;
    long valuesEnd;

    /// The dictionary page, if the column chunk has one.
    boolean hasDictionary;
    long dictionaryStart;
    long dictionaryEnd;
    int dictionarySize;

    /// @param repeated whether the column has repetition levels
    /// @param defined whether it has definition levels
    ColumnPages(FileInput input, boolean repeated, boolean defined, BufferAllocator allocator) {
        this.file = input.file();
        this.decompressor = input.decompressor();
        this.verifyChecksums = input.verifyChecksums();
        this.repeated = repeated;
        this.defined = defined;
        this.window = new NativeBuffer(allocator);
        this.page = new NativeBuffer(allocator);
        this.dictionary = new NativeBuffer(allocator);
    }

    /// Goes before the first page of a column chunk.
    ///
    /// @param index where its pages lie, if pages are to be left out
    void start(ColumnChunkMetaData chunk, @Nullable OffsetIndex index) {
        this.codec = chunk.getCodec();
        this.index = index;
        this.position = chunk.getStartingPos();
        this.chunkEnd = position + chunk.getTotalSize();
        this.chunkValues = chunk.getValueCount();
        this.valuesLeft = chunkValues;
        this.plainLimit = Math.max(MIN_PLAIN_LIMIT, 4 * chunk.getTotalUncompressedSize());
        this.windowBytes = 0;
        this.hasDictionary = false;
        this.dictionaryChanged = false;
        if (position < 0 || chunkEnd < position || chunkEnd > file.length()) {
            throw new MalformedPageException(
                    "its pages from byte " + position + " to " + chunkEnd + " are not in the file");
        }
        if (index != null && index.getPageCount() > 0 && index.getOffset(0) < position) {
            throw new MalformedPageException("its first page begins at byte " + index.getOffset(0)
                    + " by the index of pages, and its pages at byte " + position);
        }
    }

    /// Reads the next data page, and the dictionary page if that comes first.
    ///
    /// @return false if there is none
    /// @throws MalformedPageException if the bytes are not a page
    boolean next() {
        while (valuesLeft > 0 && position < chunkEnd) {
            PageHeader header = header();
            int bytes = header.bytes();
            boolean taken = switch (header.page()) {
                case PageHeader.DictionaryPage dictionaryPage -> {
                    readDictionary(header, dictionaryPage);
                    yield false;
                }
                case PageHeader.DataPage data -> readVersion1(header, data);
                case PageHeader.DataPageV2 data -> readVersion2(header, data);
                case PageHeader.IndexPage() -> false;
            };
            position += bytes;
            if (taken) {
                valuesLeft -= valueCount;
                return true;
            }
        }
        return false;
    }

    /// Goes before the page that holds a row, if that is known; else does nothing.
    ///
    /// @param pastRow the first row that has not been read
    /// @return the first row of the page that [#next] reads next, or -1 if that page is no other than it would have
    ///     been
    long seek(long row, long pastRow) {
        OffsetIndex pages = index;
        if (pages == null) {
            return -1;
        }
        int found = pageOf(pages, row);
        if (found < 0 || pages.getFirstRowIndex(found) <= pastRow) {
            return -1;
        }
        readPendingDictionary(pages.getOffset(0));
        position = pages.getOffset(found);
        // How many values the pages passed over have is not known; the pages' places tell when the chunk ends.
        valuesLeft = chunkValues;
        return pages.getFirstRowIndex(found);
    }

    private static int pageOf(OffsetIndex pages, long row) {
        int low = 0;
        int high = pages.getPageCount() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (pages.getFirstRowIndex(middle) <= row) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /// Reads the dictionary page, which lies before the first data page, if that has not happened.
    private void readPendingDictionary(long firstDataPage) {
        while (position < firstDataPage) {
            PageHeader header = header();
            if (header.page() instanceof PageHeader.DictionaryPage dictionaryPage) {
                readDictionary(header, dictionaryPage);
            }
            position += header.bytes();
        }
    }

    /// Reads the dictionary page alone, as the library's filters want it; null if there is none.
    @Nullable DictionaryPage readDictionaryOnly() {
        PageHeader header = header();
        if (!(header.page() instanceof PageHeader.DictionaryPage dictionaryPage)) {
            return null;
        }
        readDictionary(header, dictionaryPage);
        byte[] plain = new byte[header.plainBytes()];
        Memory.copy(null, dictionaryStart, plain, Memory.BYTES, plain.length);
        return new DictionaryPage(BytesInput.from(plain), dictionarySize, org.apache.parquet.column.Encoding.PLAIN);
    }

    /// True once per dictionary, for those who keep it in another form.
    ///
    /// @throws MalformedPageException if there is none
    boolean takeDictionaryChange() {
        if (!hasDictionary) {
            throw new MalformedPageException("a page refers to a dictionary, which its column chunk lacks");
        }
        boolean changed = dictionaryChanged;
        dictionaryChanged = false;
        return changed;
    }

    private void readDictionary(PageHeader header, PageHeader.DictionaryPage described) {
        int bytes = header.bytes();
        int plain = header.plainBytes();
        if (described.valueCount() < 0) {
            throw new MalformedPageException("a dictionary of " + described.valueCount() + " entries");
        }
        ArrowBuf body = require(position, bytes);
        long at = position - windowAt;
        check(header, body, at, bytes);
        ArrowBuf into = dictionary.reserve(plain);
        if (codec == CompressionCodecName.UNCOMPRESSED) {
            requireEqual(bytes, plain);
            into.setBytes(0, body, at, bytes);
        } else {
            decompressor.decompress(codec, body, at, bytes, into, 0, plain);
        }
        hasDictionary = true;
        dictionaryChanged = true;
        dictionaryStart = into.memoryAddress();
        dictionaryEnd = dictionaryStart + plain;
        dictionarySize = described.valueCount();
    }

    private boolean readVersion1(PageHeader header, PageHeader.DataPage data) {
        int bytes = header.bytes();
        int plain = header.plainBytes();
        ArrowBuf body = require(position, bytes);
        long at = position - windowAt;
        check(header, body, at, bytes);
        long start;
        if (codec == CompressionCodecName.UNCOMPRESSED) {
            requireEqual(bytes, plain);
            start = body.memoryAddress() + at;
        } else {
            ArrowBuf into = page.reserve(plain);
            decompressor.decompress(codec, body, at, bytes, into, 0, plain);
            start = into.memoryAddress();
        }
        values = start;
        valuesEnd = start + plain;
        if (repeated) {
            repetition = levels(data.repetitionEncoding());
            repetitionEnd = values;
        }
        if (defined) {
            definition = levels(data.definitionEncoding());
            definitionEnd = values;
        }
        return describe(data.valueCount(), data.encoding());
    }

    /// Takes levels, which begin with their length, from the beginning of [#values].
    private long levels(@Nullable Encoding levelEncoding) {
        if (levelEncoding != Encoding.RLE) {
            throw new MalformedPageException("levels in the outdated encoding " + levelEncoding);
        }
        int length = values + 4 <= valuesEnd ? Memory.getInt(values) : -1;
        if (length < 0 || values + 4 + length > valuesEnd) {
            throw new MalformedPageException("levels go beyond the end of their page");
        }
        long start = values + 4;
        values = start + length;
        return start;
    }

    private boolean readVersion2(PageHeader header, PageHeader.DataPageV2 data) {
        int bytes = header.bytes();
        int plain = header.plainBytes();
        int repetitionBytes = data.repetitionBytes();
        int definitionBytes = data.definitionBytes();
        long levels = (long) repetitionBytes + definitionBytes;
        if (repetitionBytes < 0 || definitionBytes < 0 || levels > bytes || levels > plain) {
            throw new MalformedPageException("levels of " + levels + " bytes in a page of " + plain);
        }
        ArrowBuf body = require(position, bytes);
        long at = position - windowAt;
        check(header, body, at, bytes);
        repetition = body.memoryAddress() + at;
        repetitionEnd = repetition + repetitionBytes;
        definition = repetitionEnd;
        definitionEnd = definition + definitionBytes;
        int plainValues = plain - (int) levels;
        values = definitionEnd;
        if (codec == CompressionCodecName.UNCOMPRESSED || !data.compressed()) {
            requireEqual(bytes, plain);
        } else if (plainValues > 0) {
            ArrowBuf into = page.reserve(plainValues);
            decompressor.decompress(codec, body, at + levels, bytes - (int) levels, into, 0, plainValues);
            values = into.memoryAddress();
        }
        valuesEnd = values + plainValues;
        return describe(data.valueCount(), data.encoding());
    }

    private boolean describe(int count, @Nullable Encoding valueEncoding) {
        if (count < 0 || count > valuesLeft || valueEncoding == null) {
            throw new MalformedPageException("a page of " + count + " values in the encoding " + valueEncoding);
        }
        valueCount = count;
        encoding = valueEncoding;
        return count > 0;
    }

    private static void requireEqual(int bytes, int plain) {
        if (bytes != plain) {
            throw new MalformedPageException("an uncompressed page of " + plain + " bytes takes " + bytes);
        }
    }

    private void check(PageHeader header, ArrowBuf body, long at, int bytes) {
        Integer checksum = header.checksum();
        if (!verifyChecksums || checksum == null) {
            return;
        }
        crc.reset();
        crc.update(body.nioBuffer(at, bytes));
        if ((int) crc.getValue() != checksum) {
            throw new MalformedPageException("the checksum of the page at byte " + position + " is wrong");
        }
    }

    /// Reads the header at [#position] and goes behind it.
    private PageHeader header() {
        if (position < 0 || position >= chunkEnd) {
            throw new MalformedPageException(
                    "there is no page at byte " + position + ": its column chunk ends at byte " + chunkEnd);
        }
        int most = (int) Math.min(chunkEnd - position, MAX_HEADER);
        int known = Math.min(most, HEADER);
        while (true) {
            ArrowBuf bytes = require(position, known);
            if (headerBytes.length < known) {
                headerBytes = new byte[known];
            }
            bytes.getBytes(position - windowAt, headerBytes, 0, known);
            CompactReader reader = new CompactReader(headerBytes, 0, known);
            try {
                PageHeader header = PageHeader.read(reader);
                position += reader.position();
                checkSizes(header);
                return header;
            } catch (MalformedMetadataException notAHeader) {
                if (!reader.ended() || known == most) {
                    throw new MalformedPageException(
                            "there is no page at byte " + position + ": " + notAHeader.getMessage());
                }
                known = (int) Math.min(most, 4L * known);
            }
        }
    }

    private void checkSizes(PageHeader header) {
        if (header.bytes() < 0 || header.bytes() > chunkEnd - position) {
            throw new MalformedPageException(
                    "a page of " + header.bytes() + " bytes goes beyond the end of its column chunk");
        }
        if (header.plainBytes() < 0 || header.plainBytes() > plainLimit) {
            throw new MalformedPageException(
                    "a page of " + header.plainBytes() + " bytes is larger than its column chunk");
        }
    }

    /// The window, which holds the bytes `[from, from + bytes)` of the file afterwards.
    private ArrowBuf require(long from, int bytes) {
        if (windowBytes > 0 && from >= windowAt && from + bytes <= windowAt + windowBytes) {
            return window.reserve(windowBytes);
        }
        int wanted = (int) Math.min(Math.max(bytes, WINDOW), chunkEnd - from);
        ArrowBuf into = window.reserve(wanted);
        windowBytes = 0;
        file.read(from, into, 0, wanted);
        windowAt = from;
        windowBytes = wanted;
        return into;
    }

    @Override
    public void close() {
        window.close();
        page.close();
        dictionary.close();
    }
}

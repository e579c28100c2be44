package dev.headrace.files;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.ResourceException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.parse.FormatOptions;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipException;

/// Reads the lines of a file, or of a part of one, in blocks of whole lines.
///
/// A block is a range of [#data] that ends with a line's end: a line feed, or what [#open(FileRange, Charset, String)]
/// says; one is added to the last line if it lacks it. [#PADDING] bytes after the block can be read. The memory is used
/// again for the next block. Compressed files are decompressed, and other character sets turned into UTF-8, on the way;
/// a byte order mark is skipped. Used by one thread.
public final class LineBlocks implements AutoCloseable {
    /// Bytes after a block that can be read.
    public static final int PADDING = 64;

    /// The most bytes that may end a line.
    public static final int MAX_LINE_END = 32;

    /// Room for a line's end at the end of the file, and what must be readable after it.
    private static final int SPARE = MAX_LINE_END + PADDING;

    private static final byte[] LINE_FEED = {'\n'};

    private static final int BLOCK_BYTES = 256 * 1024;
    /// How much to read at a time to find the end of the last line of a part.
    private static final int TAIL_BYTES = 16 * 1024;

    /// Where bytes come from.
    private interface Source extends AutoCloseable {
        /// As [InputStream#read(byte[], int, int)].
        int read(byte[] into, int at, int count) throws IOException;

        @Override
        void close() throws IOException;
    }

    private final FileRange range;
    private final Source source;
    private final byte[] lineEnd;
    private byte[] data = new byte[BLOCK_BYTES + SPARE];
    /// The offset of `data[0]` in the file, after decompression.
    private long position;
    /// The end of the bytes in `data`.
    private int filled;

    private int from;
    private int to;
    private boolean started;
    private boolean atEnd;
    private boolean done;
    /// Where the file's last line begins if it has no end of its own; negative until it is known.
    private int unended = -1;
    private long bytesRead;

    private LineBlocks(FileRange range, Source source, byte[] lineEnd) {
        this.range = range;
        this.source = source;
        this.lineEnd = lineEnd;
    }

    /// Opens a part of a file whose lines end with a line feed.
    ///
    /// @param charset of the file; a part that is not the whole file must be in UTF-8
    /// @throws UnavailableException `FILE_NOT_READABLE`
    /// @throws DataException `DAMAGED_FILE` if it can't be decompressed
    public static LineBlocks open(FileRange range, Charset charset) {
        return open(range, charset, LINE_FEED);
    }

    /// Opens a part of a file.
    ///
    /// @param charset of the file; a part that is not the whole file must be in UTF-8
    /// @param lineEnd what ends a line, in UTF-8 at most [#MAX_LINE_END] bytes; files with more than one are read whole
    /// @throws UnavailableException `FILE_NOT_READABLE`
    /// @throws DataException `DAMAGED_FILE` if it can't be decompressed
    public static LineBlocks open(FileRange range, Charset charset, String lineEnd) {
        return open(range, charset, lineEnd.getBytes(StandardCharsets.UTF_8));
    }

    private static LineBlocks open(FileRange range, Charset charset, byte[] lineEnd) {
        boolean whole = range.from() == 0 && range.to() == Long.MAX_VALUE;
        try {
            Source source = whole ? stream(range.file(), charset) : channel(range);
            LineBlocks blocks = new LineBlocks(range, source, lineEnd);
            blocks.position = Math.max(0, range.from() - 1);
            return blocks;
        } catch (IOException failed) {
            throw unreadable(range.file().path(), 0, failed);
        }
    }

    /// What ends the lines of files by the option `lineSep`, if it is given.
    ///
    /// @throws dev.headrace.errors.QueryException `INVALID_OPTION` if it is longer than [#MAX_LINE_END]
    public static Optional<String> lineEnd(FormatOptions options) {
        Optional<String> text = options.get("lineSep");
        int bytes = text.map(end -> end.getBytes(StandardCharsets.UTF_8).length).orElse(1);
        if (bytes == 0 || bytes > MAX_LINE_END) {
            throw options.invalid("lineSep", "1 to " + MAX_LINE_END + " bytes of text");
        }
        return text;
    }

    private static Source channel(FileRange range) throws IOException {
        FileChannel channel = FileChannel.open(range.file().path(), StandardOpenOption.READ);
        channel.position(Math.max(0, range.from() - 1));
        return new Source() {
            @Override
            public int read(byte[] into, int at, int count) throws IOException {
                return channel.read(ByteBuffer.wrap(into, at, count));
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    private static Source stream(InputFile file, Charset charset) throws IOException {
        InputStream raw = Files.newInputStream(file.path());
        try {
            // A file of no bytes has no rows, compressed or not, as in Spark.
            Compression compression = Compression.of(file.path());
            InputStream bytes = file.bytes() == 0 ? raw : compression.decompress(raw);
            InputStream utf8 = charset.equals(StandardCharsets.UTF_8) ? bytes : new Transcoded(bytes, charset);
            return new Source() {
                @Override
                public int read(byte[] into, int at, int count) throws IOException {
                    return utf8.read(into, at, count);
                }

                @Override
                public void close() throws IOException {
                    utf8.close();
                }
            };
        } catch (IOException | RuntimeException failed) {
            raw.close();
            throw failed;
        }
    }

    /// The whole content of a file, followed by [#PADDING] zeros.
    ///
    /// @throws UnavailableException `FILE_NOT_READABLE`
    /// @throws DataException `DAMAGED_FILE` if it can't be decompressed
    public static byte[] readAll(InputFile file, Charset charset) {
        try (LineBlocks blocks = open(FileRange.whole(file), charset)) {
            while (blocks.fill(Integer.MAX_VALUE)) {
                blocks.makeRoom();
            }
            int skip = blocks.startsWithMark() ? 3 : 0;
            return Arrays.copyOf(Arrays.copyOfRange(blocks.data, skip, blocks.filled), blocks.filled - skip + PADDING);
        }
    }

    /// Moves to the next block.
    ///
    /// @return false if there is none
    /// @throws UnavailableException `FILE_NOT_READABLE`
    /// @throws DataException `DAMAGED_FILE` if it can't be decompressed
    public boolean next() {
        return !done && advance(to);
    }

    /// Moves to a block that begins within the present one, and has at least one line more than it.
    ///
    /// @param begin a position in the block, which is [#from] afterwards, whatever is returned
    /// @return false if no line follows; the block still begins there then
    /// @throws UnavailableException `FILE_NOT_READABLE`
    /// @throws DataException `DAMAGED_FILE` if it can't be decompressed
    public boolean extend(int begin) {
        if (done) {
            from = begin;
            return false;
        }
        return advance(begin);
    }

    private boolean advance(int begin) {
        int known = to - begin;
        keep(begin);
        while (true) {
            boolean more = fill(wanted());
            if (started || start(more)) {
                to = blockEnd(more);
                if (to > from + known) {
                    return true;
                }
            }
            if (done) {
                return false;
            }
            makeRoom();
        }
    }

    /// Finds the first line of the range.
    ///
    /// @param more whether the file goes on
    /// @return false if it has not been read yet
    private boolean start(boolean more) {
        if (range.from() == 0) {
            from = startsWithMark() ? 3 : 0;
        } else {
            int lineFeed = lineFeed(0);
            if (lineFeed == filled && more) {
                position += filled;
                filled = 0;
                return false;
            }
            from = Math.min(lineFeed + 1, filled);
        }
        started = true;
        return true;
    }

    /// The end of the last line of the range that has been read whole.
    private int blockEnd(boolean more) {
        if (position + from >= range.to()) {
            done = true;
            return from;
        }
        long lastByte = range.to() - 1 - position;
        int lineFeed = lastByte < filled ? lineFeed((int) Math.max(lastByte, from)) : filled;
        if (lineFeed < filled) {
            done = true;
            return lineFeed + 1;
        }
        return more ? lastLineEnd() : end();
    }

    /// Where the block is.
    public byte[] data() {
        return data;
    }

    /// The block's first byte.
    public int from() {
        return from;
    }

    /// The position after the line feed that ends the block.
    public int to() {
        return to;
    }

    /// Where the line's end begins that ends the line at a position in the block.
    public int lineEnd(int at) {
        if (at == unended) {
            return to - lineEnd.length;
        }
        int end = at;
        while (data[end] != lineEnd[0] || !Arrays.equals(data, end, end + lineEnd.length, lineEnd, 0, lineEnd.length)) {
            end++;
        }
        return end;
    }

    /// How many bytes end a line.
    public int lineEndLength() {
        return lineEnd.length;
    }

    /// The offset in the file, after decompression, of a position in [#data].
    public long fileOffset(int pos) {
        return position + pos;
    }

    /// Whether the file ends without a line's end, and the last block with one that has been added.
    public boolean lineEndAdded() {
        return unended >= 0;
    }

    /// The bytes read so far, after decompression.
    public long bytesRead() {
        return bytesRead;
    }

    private void keep(int begin) {
        System.arraycopy(data, begin, data, 0, filled - begin);
        position += begin;
        filled -= begin;
        from = 0;
        to = 0;
    }

    private int wanted() {
        long left = range.to() == Long.MAX_VALUE ? Long.MAX_VALUE : range.to() - (position + filled);
        return (int) Math.clamp(left, TAIL_BYTES, Integer.MAX_VALUE);
    }

    private void makeRoom() {
        if (filled == data.length - SPARE) {
            if (data.length > Integer.MAX_VALUE / 2) {
                throw new ResourceException(
                        "LINE_TOO_LONG",
                        "'" + range.file().path() + "' at byte " + position + ": a line of more than " + filled
                                + " bytes can't be read. Is it a text file of lines?");
            }
            data = Arrays.copyOf(data, data.length * 2);
        }
    }

    /// Reads until there are `wanted` more bytes, the memory is full, or the file ends.
    ///
    /// @return false if the file has ended
    private boolean fill(int wanted) {
        int limit = (int) Math.min(data.length - SPARE, (long) filled + wanted);
        try {
            while (filled < limit && !atEnd) {
                Cancellation.checkThread();
                int count = source.read(data, filled, limit - filled);
                atEnd = count < 0;
                filled += Math.max(0, count);
                bytesRead += Math.max(0, count);
            }
        } catch (IOException failed) {
            throw unreadable(range.file().path(), bytesRead, failed);
        }
        return !atEnd;
    }

    private static HeadraceException unreadable(Path file, long bytesRead, IOException cause) {
        if (cause instanceof EOFException
                || cause instanceof ZipException
                || cause.getClass().getName().contains("Zstd")) {
            return new DataException(
                    "DAMAGED_FILE",
                    "'" + file + "' can't be decompressed after byte " + bytesRead + ": "
                            + Objects.requireNonNullElse(cause.getMessage(), "it ends too early")
                            + ". Restore the file, or leave it out.",
                    cause);
        }
        return InputFiles.unreadable(file, cause);
    }

    private boolean startsWithMark() {
        return filled >= 3 && data[0] == (byte) 0xef && data[1] == (byte) 0xbb && data[2] == (byte) 0xbf;
    }

    private int lineFeed(int start) {
        byte last = lineEnd[0];
        int at = start;
        while (at < filled && data[at] != last) {
            at++;
        }
        return at;
    }

    private int lastLineEnd() {
        if (lineEnd.length > 1) {
            return lastLongLineEnd();
        }
        byte last = lineEnd[0];
        int at = filled;
        while (at > from && data[at - 1] != last) {
            at--;
        }
        return at;
    }

    /// Forwards, because what ends a line may overlap itself.
    private int lastLongLineEnd() {
        int end = from;
        for (int at = from; at + lineEnd.length <= filled; at++) {
            if (Arrays.equals(data, at, at + lineEnd.length, lineEnd, 0, lineEnd.length)) {
                end = at + lineEnd.length;
                at = end - 1;
            }
        }
        return end;
    }

    /// The end of the last line of the file, which gets a line's end if it has none.
    private int end() {
        done = true;
        int last = lastLineEnd();
        if (filled > last) {
            unended = last;
            System.arraycopy(lineEnd, 0, data, filled, lineEnd.length);
            filled += lineEnd.length;
        }
        return filled;
    }

    @Override
    public void close() {
        try {
            source.close();
        } catch (IOException failed) {
            throw InputFiles.unreadable(range.file().path(), failed);
        }
    }

    /// Text of another character set, as UTF-8.
    private static final class Transcoded extends InputStream {
        private final Reader reader;
        private final char[] chars = new char[8192];
        private ByteBuffer rest = ByteBuffer.allocate(0);

        Transcoded(InputStream bytes, Charset charset) {
            this.reader = new InputStreamReader(bytes, charset);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int at, int count) throws IOException {
            while (!rest.hasRemaining()) {
                int read = reader.read(chars, 0, chars.length - 1);
                if (read < 0) {
                    return -1;
                }
                if (read > 0 && Character.isHighSurrogate(chars[read - 1])) {
                    int low = reader.read();
                    if (low >= 0) {
                        chars[read++] = (char) low;
                    }
                }
                rest = StandardCharsets.UTF_8.encode(CharBuffer.wrap(chars, 0, read));
            }
            int given = Math.min(count, rest.remaining());
            rest.get(into, at, given);
            return given;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}

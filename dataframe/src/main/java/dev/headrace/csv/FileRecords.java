package dev.headrace.csv;

import dev.headrace.files.FileRange;
import dev.headrace.files.LineBlocks;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks over the records of a part of a file, but for its header. Used by one thread.
final class FileRecords implements AutoCloseable {
    /// Takes in a record, as [RecordScan#read] does.
    interface Target {
        int read(byte[] data, int from, int limit, boolean more);
    }

    private final FileRange range;
    private final CsvSyntax syntax;
    private final LineBlocks blocks;
    private final RecordScan header;
    private boolean headerComes;
    private @Nullable List<@Nullable String> headerTexts;
    private int at;
    private int start;
    private int end;

    /// @param hasHeader whether the first record of the file is a header
    FileRecords(FileRange range, Charset charset, CsvSyntax syntax, CsvOptions options, boolean hasHeader) {
        this.range = range;
        this.syntax = syntax;
        this.header = new RecordScan(syntax, options, List.of(), false);
        this.headerComes = hasHeader && range.from() == 0;
        this.blocks = LineBlocks.open(
                range,
                charset,
                String.valueOf(options.characters().lineEnd().orElse('\n').charValue()));
    }

    /// Gives the next record to a target.
    ///
    /// @return false if there is none
    boolean next(Target target) {
        if (headerComes) {
            headerComes = false;
            if (!step((data, from, limit, more) -> header.read(data, from, limit, more, 0))) {
                return false;
            }
            headerTexts = header.texts(blocks.data(), start, end);
        }
        return step(target);
    }

    /// The texts of the header, if one was read.
    @Nullable List<@Nullable String> headerTexts() {
        return headerTexts;
    }

    private boolean step(Target target) {
        while (true) {
            at = syntax.recordStart(blocks.data(), at, blocks.to());
            if (at == blocks.to()) {
                if (!blocks.next()) {
                    return false;
                }
                at = blocks.from();
                continue;
            }
            start = at;
            end = target.read(blocks.data(), at, limit(), syntax.isMultiLine());
            if (end == RecordScan.INCOMPLETE) {
                boolean more = blocks.extend(at);
                at = blocks.from();
                if (more) {
                    continue;
                }
                start = at;
                end = target.read(blocks.data(), at, limit(), false);
            }
            at = syntax.afterLineEnd(blocks.data(), Math.min(end, blocks.to() - 1), blocks.to());
            return true;
        }
    }

    /// Where the text ends: before a line's end that the file does not have.
    private int limit() {
        return blocks.lineEndAdded() ? blocks.to() - 1 : blocks.to();
    }

    /// The bytes that hold the last record.
    byte[] data() {
        return blocks.data();
    }

    /// The last record's first byte.
    int start() {
        return start;
    }

    /// The position after the last record.
    int end() {
        return end;
    }

    /// Where the record being read lies, for messages.
    String place() {
        return "'" + range.file().path() + "' at byte " + blocks.fileOffset(start);
    }

    long bytesRead() {
        return blocks.bytesRead();
    }

    @Override
    public void close() {
        blocks.close();
    }
}

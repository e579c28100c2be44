package dev.headrace.xml;

import dev.headrace.errors.ResourceException;
import dev.headrace.files.FileRange;
import dev.headrace.files.InputFile;
import dev.headrace.files.LineBlocks;
import dev.headrace.parse.ByteBuilder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// Finds the elements of a file that are rows, one after the other, with no more of the file in memory than the present
/// one.
///
/// Only tags, comments and the like are told apart, so that a row that is not well-formed takes no others with it,
/// unless its end is missing. A row within a row belongs to it. Used by one thread.
final class RowScanner implements AutoCloseable {
    private static final int MAX_BYTES = 1 << 28;
    private static final int END = -1;
    private static final int COMMENT = '<' << 24 | '!' << 16 | '-' << 8 | '-';

    /// What stands between `<` and `>`.
    private enum Markup {
        ROW_START,
        ROW_END,
        /// A row without content.
        ROW,
        OTHER
    }

    private final InputFile file;
    private final byte[] rowTag;
    private final LineBlocks blocks;
    private final ByteBuilder row = new ByteBuilder();
    private int at;
    private int to;
    /// Where what is kept goes on in the block; -1 if nothing is kept.
    private int keptFrom = -1;

    private long start;

    RowScanner(InputFile file, Charset charset, String rowTag) {
        this.file = file;
        this.rowTag = rowTag.getBytes(StandardCharsets.UTF_8);
        // a file may be one line, but its tags end
        this.blocks = LineBlocks.open(FileRange.whole(file), charset, ">");
    }

    /// Goes to the next row.
    ///
    /// @return false if there is none
    boolean next() {
        keptFrom = -1;
        int depth = 0;
        while (toMarkup()) {
            if (depth == 0) {
                begin();
            }
            Markup markup = markup(depth > 0);
            if (markup == Markup.ROW_START) {
                depth++;
            } else if (markup == Markup.ROW_END && depth > 0) {
                depth--;
                if (depth == 0) {
                    keep();
                    return true;
                }
            } else if (markup == Markup.ROW && depth == 0) {
                keep();
                return true;
            }
            if (depth == 0) {
                keptFrom = -1;
            }
        }
        // a row without an end, which is malformed
        return depth > 0;
    }

    /// Keeps what follows: it may be a row.
    private void begin() {
        start = blocks.fileOffset(at - 1);
        row.setLength(0);
        keptFrom = at - 1;
    }

    /// Keeps what has been read of the block.
    private void keep() {
        if (keptFrom < 0) {
            return;
        }
        row.append(blocks.data(), keptFrom, at - keptFrom);
        keptFrom = at;
        if (row.length() > MAX_BYTES) {
            throw new ResourceException(
                    "RECORD_TOO_LONG",
                    "'" + file.path() + "' at byte " + start + ": the element '"
                            + new String(rowTag, StandardCharsets.UTF_8) + "' has more than " + MAX_BYTES
                            + " bytes. Does its end tag lack? Or choose smaller elements as rows, with the option"
                            + " 'rowTag'.");
        }
    }

    /// The present row.
    String row() {
        return new String(row.array(), 0, row.length(), StandardCharsets.UTF_8);
    }

    /// Where the present row begins in the file, after decompression, in UTF-8.
    long start() {
        return start;
    }

    long bytesRead() {
        return blocks.bytesRead();
    }

    private int read() {
        if (at == to && !nextBlock()) {
            return END;
        }
        return blocks.data()[at++] & 0xff;
    }

    /// Takes back what has just been read.
    private void unread(int c) {
        if (c != END) {
            at--;
        }
    }

    private boolean nextBlock() {
        keep();
        if (!blocks.next()) {
            return false;
        }
        at = blocks.from();
        keptFrom = keptFrom < 0 ? -1 : at;
        to = blocks.to() - (blocks.lineEndAdded() ? 1 : 0);
        return at < to;
    }

    /// Goes behind the next `<`.
    private boolean toMarkup() {
        while (at < to || nextBlock()) {
            byte[] data = blocks.data();
            while (at < to) {
                if (data[at++] == '<') {
                    return true;
                }
            }
        }
        return false;
    }

    /// Goes behind what a `<` begins.
    private Markup markup(boolean inRow) {
        int c = read();
        if (c == '!' || c == '?') {
            keptFrom = inRow ? keptFrom : -1;
            skipOther(c);
            return Markup.OTHER;
        }
        if (c == '/') {
            boolean same = isRowTag(read());
            skipTag();
            return same ? Markup.ROW_END : Markup.OTHER;
        }
        if (!isNameStart(c)) {
            unread(c);
            return Markup.OTHER;
        }
        boolean same = isRowTag(c);
        boolean empty = skipTag();
        return same ? empty ? Markup.ROW : Markup.ROW_START : Markup.OTHER;
    }

    private static boolean isNameStart(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= 0x80;
    }

    /// Goes behind a name, and says whether it is that of rows.
    ///
    /// @param first its first byte
    private boolean isRowTag(int first) {
        boolean same = true;
        int length = 0;
        int c = first;
        while (c != END && c > ' ' && c != '/' && c != '>' && c != '<') {
            same = same && length < rowTag.length && rowTag[length] == (byte) c;
            length++;
            c = read();
        }
        unread(c);
        return same && length == rowTag.length;
    }

    /// Goes behind the `>` of a tag, or before the `<` that can't be in one.
    ///
    /// @return whether the element is empty
    private boolean skipTag() {
        int before = 0;
        while (true) {
            int c = read();
            if (c == '>' || c == END) {
                return before == '/';
            }
            if ((c == '"' || c == '\'') && before == '=') {
                int quote = c;
                c = read();
                while (c != quote && c != '<' && c != END) {
                    c = read();
                }
            }
            if (c == '<') {
                unread(c);
                return false;
            }
            before = c <= ' ' ? before : c;
        }
    }

    /// Goes behind a comment, text in `<![CDATA[ … ]]>`, an instruction or a document type.
    private void skipOther(int first) {
        if (first == '?') {
            skipBehind("?>");
            return;
        }
        int c = read();
        switch (c) {
            case '-' -> {
                int second = read();
                if (second == '-') {
                    skipBehind("-->");
                } else {
                    unread(second);
                }
            }
            case '[' -> skipBehind("]]>");
            default -> skipDeclaration(c);
        }
    }

    private void skipBehind(String end) {
        int wanted = 0;
        int mask = 0;
        for (int i = 0; i < end.length(); i++) {
            wanted = wanted << 8 | end.charAt(i);
            mask = mask << 8 | 0xff;
        }
        int last = 0;
        while (last != wanted) {
            int c = read();
            if (c == END) {
                return;
            }
            last = (last << 8 | c) & mask;
        }
    }

    /// Goes behind a document type, which may have declarations in brackets, with texts in quotes.
    private void skipDeclaration(int first) {
        int brackets = 0;
        int quote = 0;
        int last = 0;
        int c = first;
        while (c != END) {
            last = last << 8 | c;
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (last == COMMENT) {
                skipBehind("-->");
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '[') {
                brackets++;
            } else if (c == ']') {
                brackets--;
            } else if (c == '>' && brackets <= 0) {
                return;
            }
            c = read();
        }
    }

    @Override
    public void close() {
        blocks.close();
    }
}

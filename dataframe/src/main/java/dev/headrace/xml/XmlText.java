package dev.headrace.xml;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.parse.ByteBuilder;

/// Writes text into XML: as references, what would be markup, and the line ends and tabs that a reader would change.
final class XmlText {
    private final boolean onlyAscii;

    /// @param onlyAscii whether other characters are written as references, for files in a character set that may lack
    ///     them
    XmlText(boolean onlyAscii) {
        this.onlyAscii = onlyAscii;
    }

    /// @throws DataException `INVALID_XML_CHARACTER`
    void append(ByteBuilder out, Slice text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            byte c = text.byteAt(i);
            // above ASCII, what XML can't have begins with this byte
            boolean plain = c >= ' '
                    ? c != '<' && c != '>' && c != '&'
                    : c < 0 ? !onlyAscii && c != (byte) 0xef : c == '\n' || c == '\t';
            if (!plain) {
                append(out, text.toString(), false);
                return;
            }
        }
        out.append(text);
    }

    /// @throws DataException `INVALID_XML_CHARACTER`
    void appendAttribute(ByteBuilder out, String text) {
        append(out, text, true);
    }

    private void append(ByteBuilder out, String text, boolean attribute) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append(attribute ? "&quot;" : "\"");
                case '\r' -> appendReference(escaped, c);
                case '\n', '\t' -> {
                    if (attribute) {
                        appendReference(escaped, c);
                    } else {
                        escaped.appendCodePoint(c);
                    }
                }
                default -> {
                    if (!isCharacter(c)) {
                        throw new DataException(
                                "INVALID_XML_CHARACTER",
                                "XML can't hold the character U+" + String.format("%04X", c)
                                        + ", not even as a reference. Take it out with translate or regexp_replace, or"
                                        + " write the text in base64.");
                    }
                    if (onlyAscii && c > 0x7f) {
                        appendReference(escaped, c);
                    } else {
                        escaped.appendCodePoint(c);
                    }
                }
            }
        });
        out.append(escaped.toString());
    }

    private static void appendReference(StringBuilder out, int c) {
        out.append("&#x").append(Integer.toHexString(c)).append(';');
    }

    private static boolean isCharacter(int c) {
        return c >= ' ' && (c < 0xd800 || c > 0xdfff) && c != 0xfffe && c != 0xffff;
    }

    /// Whether elements and attributes may be called so.
    static boolean isName(String name) {
        return !name.isEmpty()
                && isNameStart(name.codePointAt(0))
                && name.codePoints().allMatch(c -> isNameStart(c) || isNamePart(c));
    }

    private static boolean isNameStart(int c) {
        return c == '_' || c == ':' || c < 0xfffe && c != 0xaa && c != 0xb5 && c != 0xba && Character.isLetter(c);
    }

    private static boolean isNamePart(int c) {
        return c == '-'
                || c == '.'
                || c == 0xb7
                || c < 0xfffe && (Character.isDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK);
    }
}

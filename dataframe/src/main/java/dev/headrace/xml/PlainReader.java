package dev.headrace.xml;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads documents as nearly all are: elements, attributes and text, the references that XML itself has, comments and
/// `CDATA`, with names in ASCII, and without prefixes of attributes. Anything else, and all that is malformed, is
/// [Unusual], and for [DocumentReader] to read or refuse. It is several times faster, as the JDK's parser takes longer
/// to begin than a record to read.
final class PlainReader extends ElementReader {
    /// Says that a document is for the other reader.
    static final class Unusual extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private static final Unusual INSTANCE = new Unusual();

        private Unusual() {
            super("not plain XML", null, false, false);
        }
    }

    private static final int KNOWN_NAMES = 256;
    private static final char LAST_CHARACTER = 0xfffd;
    private static final String CDATA = "[CDATA[";

    /// How many zeros stand behind a document, which end it wherever it is.
    private static final int SPARE = 4;

    private static final int NAME_START = 1;

    /// Of characters in ASCII: not 0 if a name can have it, odd if it can begin with it.
    private static final byte[] NAME = new byte[128];

    static {
        for (char c = 0; c < NAME.length; c++) {
            boolean start = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
            boolean part = start || c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':';
            NAME[c] = (byte) (start ? 3 : part ? 2 : 0);
        }
    }

    private char[] data = new char[1024];
    private int at;

    /// The names of the elements around, from the root on.
    private String[] around = new String[16];

    private int depth;
    private String name = "";
    private String[] attributes = new String[8];
    private String[] values = new String[8];
    private int attributeCount;

    /// Whether the tag with which an element has begun ends it, too.
    private boolean empty;

    /// The text, unless it is one run of characters of the document.
    private final StringBuilder joined = new StringBuilder();

    private int textFrom;
    private int textTo;
    private final StringBuilder value = new StringBuilder();
    private final @Nullable String[] names = new @Nullable String[KNOWN_NAMES];

    /// @param prefixes whether names have their namespace's prefix
    PlainReader(boolean prefixes) {
        super(prefixes);
    }

    /// @throws Unusual
    @Override
    void open(String xml) {
        int length = xml.length();
        if (data.length < length + SPARE) {
            data = new char[Math.max(2 * data.length, length + SPARE)];
        }
        xml.getChars(0, length, data, 0);
        Arrays.fill(data, length, length + SPARE, '\0');
        at = 0;
        depth = 0;
        empty = false;
        skipSpaces();
        require('<');
        start();
    }

    /// @throws Unusual
    @Override
    Event next() {
        if (empty) {
            empty = false;
            end();
            return Event.END;
        }
        if (isText()) {
            return Event.TEXT;
        }
        require('<');
        if (data[at] != '/') {
            start();
            return Event.START;
        }
        at++;
        String ended = readName();
        skipSpaces();
        require('>');
        end();
        if (!ended.equals(name)) {
            throw Unusual.INSTANCE;
        }
        return Event.END;
    }

    private void end() {
        depth--;
        name = around[depth];
    }

    /// Goes behind the tag of an element that begins.
    private void start() {
        name = readName();
        attributeCount = 0;
        while (true) {
            int before = at;
            skipSpaces();
            char c = data[at];
            if (c == '>' || c == '/') {
                at++;
                empty = c == '/';
                if (empty) {
                    require('>');
                }
                break;
            }
            if (at == before) {
                throw Unusual.INSTANCE;
            }
            attribute();
        }
        if (depth == around.length) {
            around = Arrays.copyOf(around, 2 * depth);
        }
        around[depth++] = name;
    }

    private void attribute() {
        String attribute = readName();
        // the JDK's parser leaves out the prefix
        if (attribute.indexOf(':') >= 0) {
            throw Unusual.INSTANCE;
        }
        for (int i = 0; i < attributeCount; i++) {
            if (attributes[i].equals(attribute)) {
                throw Unusual.INSTANCE;
            }
        }
        if (attributeCount == attributes.length) {
            attributes = Arrays.copyOf(attributes, 2 * attributeCount);
            values = Arrays.copyOf(values, 2 * attributeCount);
        }
        skipSpaces();
        require('=');
        skipSpaces();
        attributes[attributeCount] = attribute;
        values[attributeCount++] = readValue();
    }

    /// Line ends and tabs in a value are blanks, unless they are references.
    private String readValue() {
        char quote = data[at];
        if (quote != '"' && quote != '\'') {
            throw Unusual.INSTANCE;
        }
        at++;
        value.setLength(0);
        int from = at;
        while (true) {
            char c = data[at];
            if (c == quote) {
                break;
            }
            switch (c) {
                case '<' -> throw Unusual.INSTANCE;
                case '&' -> {
                    value.append(data, from, at - from);
                    reference(value);
                    from = at;
                }
                case '\n', '\t', '\r' -> {
                    value.append(data, from, at - from).append(' ');
                    at += c == '\r' && data[at + 1] == '\n' ? 2 : 1;
                    from = at;
                }
                default -> skipCharacter(c);
            }
        }
        int to = at;
        at++;
        return value.isEmpty()
                ? new String(data, from, to - from)
                : value.append(data, from, to - from).toString();
    }

    /// Goes to the next tag.
    ///
    /// @return whether there is text before it
    private boolean isText() {
        joined.setLength(0);
        textFrom = at;
        while (true) {
            char c = data[at];
            if (c == '<' && data[at + 1] != '!') {
                break;
            }
            switch (c) {
                case '<' -> {
                    join();
                    if (data[at + 2] == '-') {
                        skipComment();
                    } else {
                        readSection();
                    }
                    textFrom = at;
                }
                case '&' -> {
                    join();
                    reference(joined);
                    textFrom = at;
                }
                case '\r' -> {
                    join();
                    joined.append('\n');
                    at += data[at + 1] == '\n' ? 2 : 1;
                    textFrom = at;
                }
                case ']' -> {
                    if (data[at + 1] == ']' && data[at + 2] == '>') {
                        throw Unusual.INSTANCE;
                    }
                    at++;
                }
                default -> skipCharacter(c);
            }
        }
        textTo = at;
        if (!joined.isEmpty()) {
            join();
            return true;
        }
        return textTo > textFrom;
    }

    /// Keeps the characters since the text began, or began again.
    private void join() {
        joined.append(data, textFrom, at - textFrom);
    }

    private void skipComment() {
        at += 3;
        require('-');
        while (data[at] != '-' || data[at + 1] != '-') {
            if (data[at] == '\r') {
                at++;
            } else {
                skipCharacter(data[at]);
            }
        }
        at += 2;
        require('>');
    }

    /// Reads `<![CDATA[ … ]]>`.
    private void readSection() {
        at += 2;
        for (int i = 0; i < CDATA.length(); i++) {
            require(CDATA.charAt(i));
        }
        int from = at;
        while (data[at] != ']' || data[at + 1] != ']' || data[at + 2] != '>') {
            if (data[at] == '\r') {
                joined.append(data, from, at - from).append('\n');
                at += data[at + 1] == '\n' ? 2 : 1;
                from = at;
            } else {
                skipCharacter(data[at]);
            }
        }
        joined.append(data, from, at - from);
        at += 3;
    }

    private void reference(StringBuilder out) {
        at++;
        if (data[at] == '#') {
            at++;
            out.appendCodePoint(number());
            return;
        }
        char c = switch (readName()) {
            case "lt" -> '<';
            case "gt" -> '>';
            case "amp" -> '&';
            case "quot" -> '"';
            case "apos" -> '\'';
            default -> throw Unusual.INSTANCE;
        };
        require(';');
        out.append(c);
    }

    /// Reads the number of a character, and what ends it.
    private int number() {
        int radix = data[at] == 'x' ? 16 : 10;
        at += radix == 16 ? 1 : 0;
        int number = 0;
        int from = at;
        for (int digit = digit(radix); digit >= 0; digit = digit(radix)) {
            number = number * radix + digit;
            at++;
            if (number > Character.MAX_CODE_POINT) {
                throw Unusual.INSTANCE;
            }
        }
        boolean character = number >= ' '
                        && (number < Character.MIN_SURROGATE || number > Character.MAX_SURROGATE)
                        && (number <= LAST_CHARACTER || number > Character.MAX_VALUE)
                || number == '\n'
                || number == '\t'
                || number == '\r';
        if (at == from || !character) {
            throw Unusual.INSTANCE;
        }
        require(';');
        return number;
    }

    private int digit(int radix) {
        return data[at] < NAME.length ? Character.digit(data[at], radix) : -1;
    }

    private String readName() {
        int from = at;
        int hash = 0;
        char c = data[at];
        if (c >= NAME.length || (NAME[c] & NAME_START) == 0) {
            throw Unusual.INSTANCE;
        }
        while (c < NAME.length && NAME[c] != 0) {
            hash = 31 * hash + c;
            c = data[++at];
        }
        if (c >= NAME.length) {
            throw Unusual.INSTANCE;
        }
        int slot = (hash ^ hash >>> 8) & KNOWN_NAMES - 1;
        String known = names[slot];
        if (known == null || !isHere(known, from)) {
            known = new String(data, from, at - from);
            names[slot] = known;
        }
        return known;
    }

    /// Whether the characters up to here are those of a text.
    private boolean isHere(String text, int from) {
        if (text.length() != at - from) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != data[from + i]) {
                return false;
            }
        }
        return true;
    }

    private void skipCharacter(char c) {
        if (c < ' ' && c != '\n' && c != '\t' || c > LAST_CHARACTER) {
            throw Unusual.INSTANCE;
        }
        at++;
    }

    private void skipSpaces() {
        char c = data[at];
        while (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            c = data[++at];
        }
    }

    private void require(char c) {
        if (data[at] != c) {
            throw Unusual.INSTANCE;
        }
        at++;
    }

    @Override
    String text() {
        return joined.isEmpty() ? new String(data, textFrom, textTo - textFrom) : joined.toString();
    }

    @Override
    String fullName() {
        return name;
    }

    @Override
    int attributeCount() {
        return attributeCount;
    }

    @Override
    String fullAttributeName(int attribute) {
        return attributes[attribute];
    }

    @Override
    String attributeValue(int attribute) {
        return values[attribute];
    }
}

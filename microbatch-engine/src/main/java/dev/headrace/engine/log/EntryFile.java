package dev.headrace.engine.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.errors.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// One file of a log: a version line, a line with a JSON object, and perhaps further lines.
///
/// @param version the number in the version line
/// @param header the JSON object, without the checksum
/// @param lines what follows
/// @param sealed whether a checksum has vouched for the content; false for a file that Spark has written
record EntryFile(int version, ObjectNode header, List<String> lines, boolean sealed) {

    // Spark's readers ignore fields that they don't know, so what Headrace adds stands in the header: the object
    // "headrace"
    // and, always as the last field, the checksum.
    //
    //     v1
    //     {"batchWatermarkMs":0,"batchTimestampMs":1763632800000,"conf":{},"headrace":{…},"crc32c":"0a1b2c3d"}
    //     {"clicks":{"0":1200}}
    //
    // The checksum is the CRC-32C of the whole file with the checksum's digits all '0'. It stands in the second line,
    // so a
    // file that has lost its end still says that it should have had one.

    static final String HEADRACE = "headrace";
    private static final String CHECKSUM = "crc32c";
    private static final String CHECKSUM_START = ",\"" + CHECKSUM + "\":\"";
    private static final int CHECKSUM_DIGITS = 8;
    private static final String CHECKSUM_END = "\"}";
    private static final Pattern VERSION_LINE = Pattern.compile("v([1-9][0-9]{0,8})");

    /// The bytes of a file with this content and a checksum.
    ///
    /// @param header at least one field; none is called `crc32c`
    static byte[] seal(int version, ObjectNode header, List<String> lines) {
        StringBuilder text = new StringBuilder("v").append(version).append('\n');
        return seal(text, header, lines);
    }

    /// The bytes of a file that is only a JSON object with a checksum.
    static byte[] seal(ObjectNode header) {
        return seal(new StringBuilder(), header, List.of());
    }

    private static byte[] seal(StringBuilder text, ObjectNode header, List<String> lines) {
        String json = Json.text(header);
        text.append(json, 0, json.length() - 1).append(CHECKSUM_START);
        int digits = text.toString().getBytes(StandardCharsets.UTF_8).length;
        text.append("0".repeat(CHECKSUM_DIGITS)).append(CHECKSUM_END);
        for (String line : lines) {
            text.append('\n').append(line);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] checksum = checksum(bytes).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(checksum, 0, bytes, digits, CHECKSUM_DIGITS);
        return bytes;
    }

    /// Reads a file with a version line.
    ///
    /// @param location how a person finds the file
    /// @param newestVersion the newest version that the caller understands
    /// @throws CheckpointException if the file is not exactly what a writer has made
    static EntryFile parse(String location, byte[] bytes, int newestVersion) {
        List<String> lines = lines(location, bytes);
        int version = version(location, lines.get(0), newestVersion);
        if (lines.size() < 2) {
            throw LogErrors.damaged(location, "ends after its first line");
        }
        int headerStart = lines.get(0).length() + 1;
        return parse(location, bytes, version, headerStart, lines.subList(1, lines.size()));
    }

    /// Reads a file that is only a JSON object; its version is 1.
    ///
    /// @throws CheckpointException if the file is not exactly what a writer has made
    static EntryFile parseObject(String location, byte[] bytes) {
        return parse(location, bytes, 1, 0, lines(location, bytes));
    }

    private static EntryFile parse(String location, byte[] bytes, int version, int headerStart, List<String> lines) {
        String headerLine = lines.get(0);
        ObjectNode header = Json.parseObject(headerLine)
                .orElseThrow(() -> LogErrors.damaged(
                        location, "has '" + shorten(headerLine) + "' where one whole JSON object should be"));
        boolean sealed = header.has(CHECKSUM) || header.has(HEADRACE);
        if (sealed) {
            int headerEnd = headerStart + headerLine.getBytes(StandardCharsets.UTF_8).length;
            verify(location, bytes, headerEnd);
            header.remove(CHECKSUM);
        }
        return new EntryFile(version, header, rest(lines, sealed), sealed);
    }

    /// Who has written a file, as far as it can be told from these bytes, which need not be whole.
    static Optional<Driver> driverOf(byte[] bytes) {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", 3);
        return lines.length < 2
                ? Optional.empty()
                : Json.parseObject(lines[1]).flatMap(header -> Driver.readFrom(header.path(HEADRACE)));
    }

    /// A number of the header, or 0 when it is not there, as Spark reads it.
    ///
    /// @throws CheckpointException if it is not a whole number
    long number(String location, String field) {
        JsonNode value = header.path(field);
        if (!value.isMissingNode() && !(value.isIntegralNumber() && value.canConvertToLong())) {
            throw LogErrors.damaged(
                    location, "has '" + shorten(value.toString()) + "' for '" + field + "' where a number should be");
        }
        return value.asLong();
    }

    private static List<String> lines(String location, byte[] bytes) {
        if (bytes.length == 0) {
            throw LogErrors.empty(location);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return List.of(text.split("\n", -1));
        } catch (CharacterCodingException e) {
            throw LogErrors.damaged(location, "is not UTF-8 text");
        }
    }

    private static int version(String location, String line, int newest) {
        Matcher matcher = VERSION_LINE.matcher(line);
        if (!matcher.matches()) {
            throw LogErrors.damaged(
                    location, "begins with '" + shorten(line) + "' where a version such as 'v1' should be");
        }
        int version = Integer.parseInt(matcher.group(1));
        if (version > newest) {
            throw LogErrors.unknownVersion(location, version, newest);
        }
        return version;
    }

    private static void verify(String location, byte[] bytes, int headerEnd) {
        int digits = headerEnd - CHECKSUM_END.length() - CHECKSUM_DIGITS;
        byte[] start = CHECKSUM_START.getBytes(StandardCharsets.US_ASCII);
        byte[] end = CHECKSUM_END.getBytes(StandardCharsets.US_ASCII);
        int from = digits - start.length;
        if (from < 0
                || !Arrays.equals(bytes, from, digits, start, 0, start.length)
                || !Arrays.equals(bytes, headerEnd - end.length, headerEnd, end, 0, end.length)) {
            throw LogErrors.damaged(location, "has no checksum at the end of its header");
        }
        String expected = new String(bytes, digits, CHECKSUM_DIGITS, StandardCharsets.ISO_8859_1);
        byte[] content = bytes.clone();
        Arrays.fill(content, digits, digits + CHECKSUM_DIGITS, (byte) '0');
        String found = checksum(content);
        if (!found.equals(expected)) {
            throw LogErrors.damaged(location, "has the checksum '" + found + "' where '" + expected + "' should be");
        }
    }

    private static String checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /// A file that has gone through an editor may end in a newline; that is not one more line.
    private static List<String> rest(List<String> lines, boolean sealed) {
        boolean newlineAtEnd = !sealed && lines.size() > 1 && lines.getLast().isEmpty();
        return List.copyOf(lines.subList(1, newlineAtEnd ? lines.size() - 1 : lines.size()));
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}

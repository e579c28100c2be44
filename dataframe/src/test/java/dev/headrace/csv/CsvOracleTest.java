package dev.headrace.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.UnescapedQuoteHandling;
import dev.headrace.parse.FormatOptions;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random records, read by the parser that Spark uses, set as Spark sets it, and by ours.
class CsvOracleTest {
    private static final String CHARACTERS = "\"\"\",,,\\\\ ab#|";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void valuesAreWhatSparksParserFinds(long seed) {
        Random random = new Random(seed);
        int compared = 0;
        for (int i = 0; i < 5_000; i++) {
            Map<String, String> options = options(random);
            String line = line(random);
            Optional<List<String>> expected = isComparable(line, options) ? expected(line, options) : Optional.empty();
            Optional<List<String>> actual = actual(line, options);
            if (expected.isPresent() && actual.isPresent()) {
                assertEquals(expected, actual, () -> options + " '" + line + "'");
                compared++;
            }
        }
        assertTrue(compared > 1_000, compared + " compared");
    }

    private static Map<String, String> options(Random random) {
        Map<String, String> options = new TreeMap<>();
        if (random.nextInt(3) == 0) {
            options.put("escape", "\"");
        }
        if (random.nextInt(4) == 0) {
            options.put("ignoreLeadingWhiteSpace", "true");
        }
        if (random.nextInt(4) == 0) {
            options.put("ignoreTrailingWhiteSpace", "true");
        }
        if (random.nextInt(6) == 0) {
            options.put("quote", "");
        }
        return options;
    }

    private static String line(Random random) {
        StringBuilder line = new StringBuilder();
        int length = 1 + random.nextInt(random.nextBoolean() ? 6 : 14);
        for (int i = 0; i < length; i++) {
            line.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return line.toString();
    }

    /// Where a quote that neither opens nor closes a value is followed by a blank or an escape, the other parser
    /// doubles or loses quotes; blanks at the end of a record it does not always trim.
    private static boolean isComparable(String line, Map<String, String> options) {
        boolean escapes = !options.containsKey("escape") && line.contains("\"\\");
        return !line.isBlank() && !line.endsWith(" ") && !line.contains("\" ") && !escapes;
    }

    private static Optional<List<String>> expected(String line, Map<String, String> options) {
        CsvParserSettings settings = new CsvParserSettings();
        String quote = options.getOrDefault("quote", "\"");
        settings.getFormat().setQuote(quote.isEmpty() ? '\0' : quote.charAt(0));
        settings.getFormat().setQuoteEscape(options.getOrDefault("escape", "\\").charAt(0));
        settings.setCommentProcessingEnabled(false);
        settings.setIgnoreLeadingWhitespaces(options.containsKey("ignoreLeadingWhiteSpace"));
        settings.setIgnoreTrailingWhitespaces(options.containsKey("ignoreTrailingWhiteSpace"));
        settings.setReadInputOnSeparateThread(false);
        settings.setMaxCharsPerColumn(-1);
        settings.setNullValue("null");
        settings.setEmptyValue("");
        settings.setUnescapedQuoteHandling(UnescapedQuoteHandling.STOP_AT_DELIMITER);
        try {
            return Optional.of(Arrays.asList(new CsvParser(settings).parseLine(line)));
        } catch (TextParsingException itsOwnFailure) {
            return Optional.empty();
        }
    }

    /// The values; empty if the last is not closed, which the other parser treats differently from case to case.
    private static Optional<List<String>> actual(String line, Map<String, String> given) {
        CsvOptions options = CsvOptions.of(new FormatOptions("csv", given), ZoneOffset.UTC);
        CsvSyntax syntax = new CsvSyntax(options, CsvSyntax.Lines.ALWAYS);
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        byte[] data = Arrays.copyOf(bytes, bytes.length + 64);
        data[bytes.length] = '\n';
        ValueScan value = new ValueScan(syntax);
        List<String> values = new ArrayList<>();
        int end = -1;
        do {
            end = value.scan(data, end + 1, bytes.length);
            String text = new String(value.text(), value.from(), value.length(), StandardCharsets.UTF_8);
            values.add(text.isEmpty() && !value.isQuoted() ? "null" : text);
        } while (end < bytes.length);
        return value.isOpen() ? Optional.empty() : Optional.of(values);
    }
}

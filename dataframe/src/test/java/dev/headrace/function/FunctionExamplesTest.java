package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every function gives, from the tables in `examples/`: a line is `expression => value`, the value as a cast to
/// string shows it, or `!` and an error's code. Most lines are the examples of Spark's function reference; the others
/// are nulls, extremes and bad input.
class FunctionExamplesTest {
    private static final List<String> TABLES = List.of(
            "operators",
            "casts",
            "conditions",
            "strings",
            "numbers",
            "times",
            "collections",
            "json",
            "csv",
            "xml",
            "avro",
            "protobuf",
            "hashes");

    private static Stream<String> lines(String table) {
        try (InputStream in = FunctionExamplesTest.class.getResourceAsStream("/examples/" + table + ".txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#"));
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "operators",
                "casts",
                "conditions",
                "strings",
                "numbers",
                "times",
                "collections",
                "json",
                "csv",
                "xml",
                "avro",
                "protobuf",
                "hashes"
            })
    void everyExpressionOfTheTableGivesItsValue(String table) {
        assertAll(lines(table).map(line -> () -> {
            int arrow = line.lastIndexOf(" => ");
            String expected = line.substring(arrow + 4);
            String actual = ExpressionText.evaluate(line.substring(0, arrow).strip());
            assertEquals(expected.equals("''") ? "" : expected, actual, line);
        }));
    }

    @Test
    void everyScalarFunctionHasAnExample() {
        String all = String.join(
                "\n",
                Stream.concat(TABLES.stream(), Stream.of("spark/documented", "spark/more", "spark/sketches"))
                        .flatMap(FunctionExamplesTest::lines)
                        .toList());
        Set<String> missing = new TreeSet<>();
        for (String line : FunctionTable.lines().toList()) {
            Signature signature = Signature.parse(line);
            String name = signature.names().getFirst();
            if (signature.kind() != Signature.Kind.AGGREGATE
                    && signature.kind() != Signature.Kind.SPECIAL
                    && !signature.flags().contains(Signature.Flag.NONDETERMINISTIC)
                    && !all.contains(name + "(")
                    && !all.contains(" " + name + " ")) {
                missing.add(name);
            }
        }
        assertTrue(missing.isEmpty(), "no example of " + missing);
    }
}

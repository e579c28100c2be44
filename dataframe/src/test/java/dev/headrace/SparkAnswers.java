package dev.headrace;

import static dev.headrace.functions.col;

import dev.headrace.errors.HeadraceException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/// The files in `examples/spark/`, and what we give for a statement in their form: the values of its only column as
/// texts, with its type behind `::`, or behind `!` the code of its error.
final class SparkAnswers {
    private SparkAnswers() {}

    /// The lines of a file that may end in `.gz`, without those that say something about it.
    static List<String> lines(String file) {
        try (InputStream in =
                Objects.requireNonNull(SparkAnswers.class.getResourceAsStream("/examples/spark/" + file), file)) {
            InputStream text = file.endsWith(".gz") ? new GZIPInputStream(new BufferedInputStream(in)) : in;
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// What Spark gives, by statement.
    static Map<String, String> of(String file) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String line : lines(file)) {
            int arrow = line.lastIndexOf(" => ");
            answers.put(line.substring(0, arrow), line.substring(arrow + 4));
        }
        return answers;
    }

    /// What a session gives.
    static String of(Session session, String sql) {
        try {
            DataFrame rows = session.sql(sql);
            String type = rows.schema().field(0).dataType().simpleString();
            return rows.toDF("v").select(col("v").cast("string")).collectAsList().stream()
                            .map(SparkAnswers::shown)
                            .collect(Collectors.joining(" ; "))
                    + " :: " + type;
        } catch (HeadraceException failed) {
            return "!" + failed.code() + " " + failed.getMessage();
        } catch (RuntimeException | LinkageError | StackOverflowError bug) {
            return "a bug: " + bug;
        }
    }

    private static String shown(Row row) {
        if (row.isNullAt(0)) {
            return "NULL";
        }
        String text = row.getString(0);
        return text.isEmpty()
                ? "''"
                : text.replace("\\", "\\\\")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                        .replace("\r", "\\r");
    }
}

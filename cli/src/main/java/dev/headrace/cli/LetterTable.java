package dev.headrace.cli;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.connector.LeftOutRows;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Where dead letters are, and which of them are meant: options that the commands share.
final class LetterTable {
    private static final StructType LETTERS = LeftOutRows.Kind.REJECTED.schema();

    @Parameters(index = "0", paramLabel = "PATH", description = "The table of dead letters.")
    private String path = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Its format, such as delta or parquet (default: ${DEFAULT-VALUE}).")
    private String format = "delta";

    @Option(
            names = "--where",
            paramLabel = "SQL",
            description = "Which of them, such as \"error = 'CAST_INVALID_INPUT'\" (default: all).")
    private @Nullable String condition;

    /// The letters that are there now.
    DataFrame now(Session session) {
        return chosen(session.read().format(format).load(path));
    }

    /// The same as a stream, which goes on where it has ended.
    DataFrame stream(Session session) {
        // Only tables with a log say what columns they have before there are files.
        return chosen(
                format.equals("delta")
                        ? session.readStream().format(format).load(path)
                        : session.readStream().format(format).schema(LETTERS).load(path));
    }

    private DataFrame chosen(DataFrame letters) {
        List<String> names = List.of(letters.columns());
        for (String name : LETTERS.names()) {
            if (!names.contains(name)) {
                throw new QueryException(
                        "NOT_DEAD_LETTERS",
                        path + " has the columns " + names + ", but dead letters have " + LETTERS.names()
                                + ". Name the table that deadLettersTo(…) or deadLetters(…) writes.");
            }
        }
        return condition == null ? letters : letters.where(condition);
    }
}

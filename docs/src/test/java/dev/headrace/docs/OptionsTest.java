package dev.headrace.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The options that the reference describes are those that the connectors know.
///
/// A connector tells what it knows when it is given an option that it does not know. A page tells it in the tables
/// whose first column is `option`: for reading or writing by the column of that name, or else by the title above the
/// table. Those of paths, which all files have, stand on a page of their own.
class OptionsTest {
    private static final Pattern LISTED = Pattern.compile("Options: (.*)\\.$");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    @TempDir
    static Path directory;

    private static Session session;

    @BeforeAll
    static void open() {
        session = Session.builder().getOrCreate();
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @ParameterizedTest
    @CsvSource({
        "json, formats-json.md, JSON files and payloads",
        "csv, formats-csv-text.md, CSV files and texts",
        "text, formats-csv-text.md, Plain text",
        "xml, formats-xml.md, XML files and texts",
        "parquet, formats-parquet.md, Parquet",
        "jdbc, formats-jdbc.md, JDBC",
        "arrow, formats-arrow-avro-orc.md, Arrow IPC",
        "avro, formats-arrow-avro-orc.md, Avro",
        "orc, formats-arrow-avro-orc.md, ORC"
    })
    void thePageListsTheOptionsThatTheConnectorKnows(String format, String page, String title) throws Exception {
        Path file = Files.writeString(directory.resolve("x"), "");
        DataFrame frame = session.range(1);
        Set<String> read = known(
                () -> session.read().format(format).option("no such option", "").load(file.toString()));
        Set<String> written = known(() -> frame.write()
                .format(format)
                .option("no such option", "")
                .save(directory.resolve("out").toString()));

        Set<String> readable = described(page, title, "read");
        if (!format.equals("jdbc")) {
            readable.addAll(described("files.md", "Paths", "read"));
        }
        assertEquals(read, readable);
        assertEquals(written, described(page, title, "writ"));
    }

    private static Set<String> known(Executable open) {
        String message = assertThrows(QueryException.class, open).getMessage();
        Matcher listed = LISTED.matcher(message);
        assertEquals(true, listed.find(), message);
        Set<String> names = new TreeSet<>(Arrays.asList(listed.group(1).split(", ")));
        names.remove("path");
        return names;
    }

    /// @param does `read` or `writ`, as a column or title begins
    private static Set<String> described(String page, String title, String does) throws Exception {
        List<String> lines =
                Files.readAllLines(Page.ROOT.resolve("docs/reference").resolve(page));
        Set<String> names = new TreeSet<>();
        boolean here = false;
        boolean titled = false;
        int column = -1;
        for (String line : lines) {
            if (line.startsWith("#")) {
                String text = line.replaceFirst("#+ ", "");
                boolean sub = text.equals("Reading") || text.equals("Writing");
                here = sub ? here : text.equals(title);
                titled = text.toLowerCase(java.util.Locale.ROOT).startsWith(does);
                column = -1;
            } else if (here && line.startsWith("|")) {
                List<String> cells =
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
                if (cells.get(1).equals("option")) {
                    column = column(cells, does);
                } else if (column == -1 ? titled : cells.get(column).equals("yes")) {
                    NAME.matcher(cells.get(1))
                            .results()
                            .map(name -> name.group(1))
                            .forEach(names::add);
                }
            }
        }
        names.remove("path");
        return names;
    }

    /// The ordinal of the column that says whether an option is for reading or writing; -1 if the title says it.
    private static int column(List<String> header, String does) {
        for (int i = 0; i < header.size(); i++) {
            if (header.get(i).startsWith(does)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void anOptionOfReadingIsNoneOfWriting() {
        QueryException error = assertThrows(
                QueryException.class,
                () -> session.range(1)
                        .write()
                        .option("inferSchema", true)
                        .csv(directory.resolve("y").toString()));

        assertEquals("UNKNOWN_OPTION", error.code());
    }
}

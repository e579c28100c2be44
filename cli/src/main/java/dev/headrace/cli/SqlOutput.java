package dev.headrace.cli;

import static dev.headrace.functions.col;
import static dev.headrace.functions.struct;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.functions;
import dev.headrace.text.TableLines;
import dev.headrace.text.TextTable;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Prints a result of SQL while the query runs, until nobody reads on, as behind `| head`. Values are written by the
/// engine, so that they look as in files of that format.
final class SqlOutput {
    /// As RFC 4180 has it: a quote within quotes is two.
    private static final Map<String, String> QUOTES = Map.of("escape", "\"");

    /// How many rows of a table are waited for, to know how wide its columns are.
    private static final int ROWS_FOR_WIDTHS = 10_000;

    private final PrintWriter out;
    private boolean begun;

    SqlOutput(PrintWriter out) {
        this.out = out;
    }

    void print(DataFrame result, SqlRequest.Output output) {
        switch (output) {
            case table -> table(result);
            case csv -> csv(result);
            case parquet -> throw new IllegalArgumentException("Parquet is written, not printed");
            case json -> lines(result.select(functions.to_json(struct(col("*")))), "");
        }
        out.flush();
    }

    private void table(DataFrame result) {
        int width = result.columns().length;
        String[] numbered = IntStream.range(0, width).mapToObj(i -> "_" + i).toArray(String[]::new);
        Column[] texts = Arrays.stream(numbered)
                .map(name -> text(
                                result.schema()
                                        .field(Integer.parseInt(name.substring(1)))
                                        .dataType(),
                                col(name))
                        .as(name))
                .toArray(Column[]::new);
        Table table = new Table(List.of(result.columns()));
        Frames.chunks(result.toDF(numbered).select(texts), chunk -> {
            table.add(chunk);
            return isRead();
        });
        table.end();
    }

    /// A table that is printed while its rows come.
    private final class Table {
        private final List<String> names;
        private List<List<String>> waiting = new ArrayList<>();
        private @Nullable TableLines lines;
        private long count;

        Table(List<String> names) {
            this.names = names;
        }

        void add(Chunk chunk) {
            for (int row = 0; row < chunk.rowCount(); row++) {
                List<String> cells = new ArrayList<>();
                for (int i = 0; i < names.size(); i++) {
                    @Nullable Object text = Cell.read(chunk.column(i), row);
                    cells.add(text == null ? "NULL" : text.toString());
                }
                waiting.add(cells);
            }
            count += chunk.rowCount();
            if (count >= ROWS_FOR_WIDTHS) {
                print();
            }
        }

        /// Prints what has come.
        private TableLines print() {
            TextTable rows = new TextTable(names, waiting, 0);
            waiting = new ArrayList<>();
            TableLines printed = lines;
            if (printed == null) {
                printed = new TableLines(rows);
                lines = printed;
                begin(printed.head());
            }
            out.print(printed.rows(rows));
            return printed;
        }

        void end() {
            out.print(print().ruler());
            out.println(count + (count == 1 ? " row" : " rows"));
        }
    }

    /// Bytes are shown as `show` does, so that no terminal takes them for its own.
    private static Column text(DataType type, Column column) {
        return type instanceof BinaryType
                ? functions.concat(
                        functions.lit("["),
                        functions.regexp_replace(functions.hex(column), "(..)(?!$)", "$1 "),
                        functions.lit("]"))
                : column.cast("string");
    }

    private void csv(DataFrame result) {
        String header = Arrays.stream(result.columns()).map(SqlOutput::quoted).collect(Collectors.joining(","));
        lines(result.select(functions.to_csv(struct(col("*")), QUOTES)), header + System.lineSeparator());
    }

    private static String quoted(String name) {
        boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private void lines(DataFrame texts, String header) {
        Frames.chunks(texts, chunk -> {
            begin(header);
            for (int row = 0; row < chunk.rowCount(); row++) {
                out.print(Cell.read(chunk.column(0), row));
                out.print(System.lineSeparator());
            }
            return isRead();
        });
        begin(header);
    }

    private void begin(String header) {
        if (!begun) {
            begun = true;
            out.print(header);
        }
    }

    /// Whether somebody still reads what is printed; sends it off.
    private boolean isRead() {
        return !out.checkError();
    }
}

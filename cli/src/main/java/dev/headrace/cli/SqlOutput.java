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
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
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

    /// The result with other values, under numbered names, since several columns may have one name.
    private static DataFrame mapped(DataFrame result, BiFunction<DataType, Column, Column> values) {
        DataType[] types = Arrays.stream(result.schema().fields())
                .map(StructField::dataType)
                .toArray(DataType[]::new);
        String[] names = IntStream.range(0, types.length).mapToObj(i -> "_" + i).toArray(String[]::new);
        Column[] columns = IntStream.range(0, types.length)
                .mapToObj(i -> values.apply(types[i], col(names[i])).as(names[i]))
                .toArray(Column[]::new);
        return result.toDF(names).select(columns);
    }

    private void table(DataFrame result) {
        Table table = new Table(List.of(result.columns()));
        Frames.chunks(mapped(result, SqlOutput::text), chunk -> {
            table.add(chunk);
            return isRead();
        });
        table.end();
    }

    /// A table that is printed while its rows come. A single value of several lines, such as a plan, is printed as they
    /// are.
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
            if (lines == null && names.size() == 1 && waiting.size() == 1) {
                String text = waiting.getFirst().getFirst();
                if (text.contains("\n")) {
                    begin(text.endsWith("\n") ? text : text + System.lineSeparator());
                    return;
                }
            }
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
        DataFrame cells = mapped(result, SqlOutput::cell);
        lines(cells.select(functions.to_csv(struct(col("*")), QUOTES)), header + System.lineSeparator());
    }

    /// CSV has no arrays and the like: they are the texts that a table shows.
    private static Column cell(DataType type, Column column) {
        return switch (type) {
            case ArrayType _, MapType _, StructType _ -> text(type, column);
            default -> column;
        };
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

package dev.headrace.cli;

import static dev.headrace.functions.col;
import static dev.headrace.functions.struct;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.functions;
import dev.headrace.text.TextTable;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Prints results of SQL. Values are written by the engine, so that they look as in files of that format.
final class SqlOutput {
    /// As RFC 4180 has it: a quote within quotes is two.
    private static final Map<String, String> QUOTES = Map.of("escape", "\"");

    /// How many rows are printed between two looks at whether anybody still reads them.
    private static final int ROWS_PER_LOOK = 256;

    private final PrintWriter out;
    private final Runnable beforeFirst;

    /// @param beforeFirst runs before anything is printed
    SqlOutput(PrintWriter out, Runnable beforeFirst) {
        this.out = out;
        this.beforeFirst = beforeFirst;
    }

    void print(DataFrame result, SqlRequest.Output output) {
        switch (output) {
            case table -> table(result);
            case csv -> csv(result);
            case parquet -> throw new IllegalArgumentException("Parquet is written, not printed");
            case json -> lines(result.select(functions.to_json(struct(col("*")))), () -> {});
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
        List<List<String>> rows = new ArrayList<>();
        for (Row row : result.toDF(numbered).select(texts).collectAsList()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                cells.add(row.isNullAt(i) ? "NULL" : row.getString(i));
            }
            rows.add(cells);
        }
        beforeFirst.run();
        out.print(new TextTable(List.of(result.columns()), rows, 0).horizontal());
        out.println(rows.size() + (rows.size() == 1 ? " row" : " rows"));
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
        lines(result.select(functions.to_csv(struct(col("*")), QUOTES)), () -> out.println(header));
    }

    private static String quoted(String name) {
        boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private void lines(DataFrame texts, Runnable header) {
        Iterator<Row> rows = texts.toLocalIterator();
        boolean more = rows.hasNext();
        beforeFirst.run();
        header.run();
        for (int printed = 1; more; printed++) {
            out.println(rows.next().getString(0));
            // As behind `| head`: the rest is for nobody.
            boolean unread = printed % ROWS_PER_LOOK == 0 && out.checkError();
            more = !unread && rows.hasNext();
        }
    }
}

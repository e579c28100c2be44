package dev.headrace.cli;

import static dev.headrace.functions.col;
import static dev.headrace.functions.struct;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.functions;
import dev.headrace.text.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Prints results of SQL. Values are written by the engine, so that they look as in files of that format.
final class SqlOutput {
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
                .map(name -> col(name).cast("string").as(name))
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

    private void csv(DataFrame result) {
        String header = Arrays.stream(result.columns()).map(SqlOutput::quoted).collect(Collectors.joining(","));
        lines(result.select(functions.to_csv(struct(col("*")))), () -> out.println(header));
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
        while (more) {
            out.println(rows.next().getString(0));
            more = rows.hasNext();
        }
    }
}

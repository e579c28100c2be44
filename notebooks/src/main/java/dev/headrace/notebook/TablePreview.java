package dev.headrace.notebook;

import static dev.headrace.functions.col;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.functions;
import dev.headrace.text.TextTable;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.display.DisplayData;

/// Rows of a DataFrame as texts, with what is needed to lay them out.
///
/// @param rows a text per cell, null for null
record TablePreview(StructType schema, List<List<@Nullable String>> rows, Extent extent) {
    /// Which of the DataFrame's rows are shown.
    sealed interface Extent {
        record All() implements Extent {}

        /// @param total how many the DataFrame has; empty if they would have to be read for that
        record First(OptionalLong total) implements Extent {}

        record Last(long total) implements Extent {}
    }

    /// So many rows are shown if nothing else is said.
    static final int ROWS = 20;

    private static final int TEXT_LIMIT = 200;

    /// Reads as many rows as it shows and one more, never all.
    static TablePreview of(DataFrame frame, int limit) {
        List<List<@Nullable String>> rows = texts(frame.limit(limit + 1), frame);
        boolean more = rows.size() > limit;
        return more
                ? new TablePreview(frame.schema(), rows.subList(0, limit), new Extent.First(Frames.knownRows(frame)))
                : new TablePreview(frame.schema(), rows, new Extent.All());
    }

    /// All rows as texts, by the engine's own casts: values look as they do everywhere else.
    static List<List<@Nullable String>> texts(DataFrame frame) {
        return texts(frame, frame);
    }

    /// @param asked the DataFrame that is looked at
    private static List<List<@Nullable String>> texts(DataFrame frame, DataFrame asked) {
        StructType schema = frame.schema();
        int width = schema.length();
        if (width == 0) {
            return Collections.nCopies(Math.toIntExact(frame.count()), List.of());
        }
        String[] names = new String[width];
        Column[] columns = new Column[width];
        for (int i = 0; i < width; i++) {
            names[i] = "_" + i;
            columns[i] =
                    text(col(names[i]), schema.fieldList().get(i).dataType()).as(names[i]);
        }
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (Row row : Frames.collect(frame.toDF(names).select(columns), asked, "the table below a cell")) {
            List<@Nullable String> cells = new ArrayList<>(width);
            for (int i = 0; i < width; i++) {
                cells.add(row.isNullAt(i) ? null : row.getString(i));
            }
            rows.add(cells);
        }
        return rows;
    }

    private static Column text(Column column, DataType type) {
        return switch (type) {
            case StructType _, ArrayType _, MapType _ -> functions.to_json(column);
            case BinaryType _ -> functions.hex(column);
            default -> column.cast("string");
        };
    }

    DisplayData display() {
        DisplayData data = DisplayData.fromHtml(html());
        data.putText(text());
        return data;
    }

    String html() {
        StringBuilder out = new StringBuilder("<table class=\"headrace\"><thead><tr>");
        for (StructField field : schema) {
            out.append("<th style=\"text-align:").append(alignment(field)).append("\">");
            out.append(Html.escape(field.name()));
            out.append("<br><span style=\"font-weight:normal;color:#888\">");
            out.append(Html.escape(field.dataType().simpleString())).append("</span></th>");
        }
        out.append("</tr></thead><tbody>");
        for (List<@Nullable String> row : rows) {
            out.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                out.append("<td style=\"text-align:")
                        .append(alignment(schema.fieldList().get(i)))
                        .append("\">")
                        .append(cell(row.get(i)))
                        .append("</td>");
            }
            out.append("</tr>");
        }
        return out.append("</tbody></table><p style=\"color:#888\">")
                .append(count())
                .append("</p>")
                .toString();
    }

    private static String alignment(StructField field) {
        return field.dataType() instanceof NumericType ? "right" : "left";
    }

    private static String cell(@Nullable String text) {
        if (text == null) {
            return "<i style=\"color:#b58900\">null</i>";
        }
        if (text.length() <= TEXT_LIMIT) {
            return Html.escape(text);
        }
        return "<span title=\"" + Html.escape(text.substring(0, Math.min(text.length(), 10 * TEXT_LIMIT))) + "\">"
                + Html.escape(text.substring(0, TEXT_LIMIT)) + "…</span>";
    }

    /// How many rows the DataFrame has, as far as that is known.
    OptionalLong total() {
        return switch (extent) {
            case Extent.All() -> OptionalLong.of(rows.size());
            case Extent.First(OptionalLong total) -> total;
            case Extent.Last(long total) -> OptionalLong.of(total);
        };
    }

    private String count() {
        return switch (extent) {
            case Extent.All() -> rows.size() + (rows.size() == 1 ? " row" : " rows");
            case Extent.First(OptionalLong total) ->
                "the first " + rows.size()
                        + (total.isPresent() ? String.format(Locale.ROOT, " of %,d rows", total.getAsLong()) : " rows");
            case Extent.Last(long total) -> String.format(Locale.ROOT, "the last %d of %,d rows", rows.size(), total);
        };
    }

    String text() {
        List<List<String>> cells = rows.stream()
                .map(row ->
                        row.stream().map(cell -> cell == null ? "NULL" : cell).toList())
                .toList();
        return new TextTable(List.of(schema.fieldNames()), cells, 40).horizontal() + count();
    }
}

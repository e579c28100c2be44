package dev.headrace.notebook;

import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import org.rapaio.jupyter.kernel.display.DisplayData;

/// A schema as a table of columns.
final class SchemaView {
    private SchemaView() {}

    static DisplayData of(StructType schema) {
        StringBuilder html = new StringBuilder("<table class=\"headrace-schema\"><thead><tr>"
                + "<th style=\"text-align:left\">column</th><th style=\"text-align:left\">type</th>"
                + "<th style=\"text-align:left\">nullable</th></tr></thead><tbody>");
        for (StructField field : schema) {
            html.append("<tr><td style=\"text-align:left\"><b>")
                    .append(Html.escape(field.name()))
                    .append("</b></td><td style=\"text-align:left\"><code>")
                    .append(Html.escape(field.dataType().simpleString()))
                    .append("</code></td><td style=\"text-align:left\">")
                    .append(field.nullable() ? "yes" : "no")
                    .append("</td></tr>");
        }
        DisplayData data = DisplayData.fromHtml(html.append("</tbody></table>").toString());
        data.putText(schema.treeString());
        return data;
    }
}

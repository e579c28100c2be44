package dev.headrace.xml;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.files.TextFileWriter;
import dev.headrace.parse.ByteBuilder;
import dev.headrace.parse.FormatOptions;
import dev.headrace.types.StructType;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes rows as the elements of a document.
final class XmlRows implements TextFileWriter.Rows {
    /// The options that concern what is around the rows.
    static final List<String> OPTIONS = List.of("rootTag", "declaration");

    private static final Pattern ATTRIBUTE =
            Pattern.compile("\\s+([^\\s=]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|(\\S+))");

    private final XmlWriter writer;
    private final StructType schema;
    private final Document document;

    XmlRows(XmlWriter writer, StructType schema, Document document) {
        this.writer = writer;
        this.schema = schema;
        this.document = document;
    }

    /// What is around the rows.
    ///
    /// @param begin the declaration, and the start of the root
    /// @param root the name of the root
    record Document(String begin, String root) {
        /// @throws dev.headrace.errors.QueryException `INVALID_OPTION`
        static Document of(FormatOptions options, Charset charset, XmlText texts) {
            String given = options.get(
                    "declaration", "version=\"1.0\" encoding=\"" + charset.name() + "\" standalone=\"yes\"");
            if (given.contains("<") || given.contains(">")) {
                throw options.invalid("declaration", "what stands between <?xml and ?>, or nothing for none");
            }
            String declaration = given.isEmpty() ? "" : "<?xml " + given + "?>\n";
            String text = options.get("rootTag", "ROWS").strip();
            String name = text.split("\\s", 2)[0];
            Map<String, String> attributes = attributes(text.substring(name.length()));
            boolean valid = XmlText.isName(name) && attributes.keySet().stream().allMatch(XmlText::isName);
            if (!valid) {
                throw options.invalid("rootTag", "the name of an element, and if you like attributes, without < and >");
            }
            ByteBuilder begin = new ByteBuilder();
            begin.append(declaration + "<" + name);
            attributes.forEach((key, value) -> {
                begin.append(" " + key + "=\"");
                texts.appendAttribute(begin, value);
                begin.append('"');
            });
            begin.append('>');
            return new Document(new String(begin.toArray(), java.nio.charset.StandardCharsets.UTF_8), name);
        }

        /// Without a name, what is none.
        private static Map<String, String> attributes(String text) {
            Map<String, String> attributes = new LinkedHashMap<>();
            Matcher matcher = ATTRIBUTE.matcher(text);
            int end = 0;
            while (matcher.lookingAt()) {
                String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
                attributes.put(matcher.group(1), value != null ? value : matcher.group(4));
                end = matcher.end();
                matcher.region(end, text.length());
            }
            if (end < text.length()) {
                attributes.put("", text.substring(end));
            }
            return attributes;
        }
    }

    @Override
    public String header() {
        return document.begin + (writer.isIndented() ? "" : "\n");
    }

    @Override
    public void append(ByteBuilder out, Chunk rows, int row) {
        List<@Nullable Object> values = new ArrayList<>(rows.columnCount());
        for (int column = 0; column < rows.columnCount(); column++) {
            values.add(Cell.read(rows.column(column), row));
        }
        writer.appendRow(out, values, schema, 1);
    }

    @Override
    public String footer() {
        return (writer.isIndented() ? "\n" : "") + "</" + document.root + ">";
    }
}

package dev.headrace.xml;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.function.IntervalFormat;
import dev.headrace.parse.ByteBuilder;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.TimeOptions;
import dev.headrace.parse.TimeText;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes rows as elements, as Spark does: a field is an element within, or an attribute if its name begins with the
/// option `attributePrefix`; an array is an element for each of its values. Nulls are left out, unless the option
/// `nullValue` has a text for them.
final class XmlWriter {
    /// The options that concern how a row is written.
    static final List<String> OPTIONS = FormatOptions.joined(
            TimeOptions.NAMES,
            List.of("rowTag", "attributePrefix", "valueTag", "arrayElementName", "indent", "nullValue"));

    /// What stands last within an element.
    private enum Last {
        NOTHING,
        TEXT,
        ELEMENT
    }

    private final String owner;
    private final String rowTag;
    private final String attributePrefix;
    private final String valueTag;
    private final String arrayElement;
    private final String indent;
    private final Optional<Slice> nullValue;
    private final TimeText times;
    private final XmlText texts;

    /// @param sessionZone the zone in which timestamps are written without the option `timeZone`
    /// @throws QueryException `INVALID_OPTION`
    XmlWriter(FormatOptions options, ZoneId sessionZone, XmlText texts) {
        this.owner = options.owner();
        this.rowTag = name(options, "rowTag", "ROW");
        this.attributePrefix = options.get("attributePrefix", "_");
        if (attributePrefix.isEmpty()) {
            throw options.invalid("attributePrefix", "at least one character, by which attributes are known");
        }
        this.valueTag = XmlOptions.Names.valueTag(options);
        this.arrayElement = name(options, "arrayElementName", "item");
        this.indent = options.get("indent", "    ");
        if (!indent.isBlank()) {
            throw options.invalid("indent", "blanks, or nothing for rows in one line each");
        }
        this.nullValue = options.get("nullValue").map(Slice::utf8);
        this.times = new TimeText(options, sessionZone);
        this.texts = texts;
    }

    /// An option that elements are called by.
    ///
    /// @throws QueryException `INVALID_OPTION`
    static String name(FormatOptions options, String key, String orElse) {
        String name = options.get(key, orElse).strip();
        if (!XmlText.isName(name)) {
            throw options.invalid(key, "the name of an element, without < and >");
        }
        return name;
    }

    /// Refuses rows that can't be elements.
    ///
    /// @throws QueryException `UNSUPPORTED_XML_TYPE`, `INVALID_XML_NAME`
    void check(DataType type) {
        switch (type) {
            case StructType struct -> {
                for (StructField field : struct) {
                    String name = tag(field.name(), field.dataType());
                    if (!field.name().equals(valueTag) && !XmlText.isName(name)) {
                        throw new QueryException("INVALID_XML_NAME", invalidName(name, "field"));
                    }
                    check(field.dataType());
                }
            }
            case ArrayType(DataType element, boolean _) -> check(element);
            case MapType map -> {
                check(map.valueType());
                if (map.keyType().isNested()) {
                    throw XmlTypes.unsupported(owner, map);
                }
                check(map.keyType());
            }
            case VariantType _ -> throw XmlTypes.unsupported(owner, type);
            default -> {}
        }
    }

    private String invalidName(String name, String what) {
        return owner + ": no element or attribute can be called '" + name + "', as the " + what
                + " is. Names begin with a letter or '_', and have letters, digits, '-', '_' and '.'. Rename it.";
    }

    /// Whether lines are broken between elements.
    boolean isIndented() {
        return !indent.isEmpty();
    }

    /// Appends the element of a row.
    ///
    /// @param depth how many elements it is in
    /// @throws DataException `INVALID_XML_CHARACTER`, `INVALID_XML_NAME`
    void appendRow(ByteBuilder out, List<?> values, StructType type, int depth) {
        appendElement(out, rowTag, values, type, depth);
        if (!isIndented()) {
            out.append('\n');
        }
    }

    private void appendElement(ByteBuilder out, String name, @Nullable Object value, DataType type, int depth) {
        if (depth > 0) {
            breakLine(out, depth);
        }
        out.append('<');
        out.append(name);
        if (value instanceof List<?> values && type instanceof StructType struct) {
            for (int i = 0; i < struct.size(); i++) {
                StructField field = struct.field(i);
                appendIfAttribute(out, field.name(), values.get(i), field.dataType());
            }
        } else if (value instanceof Map<?, ?> map && type instanceof MapType of) {
            map.forEach((key, each) -> appendIfAttribute(out, key(key, of), each, of.valueType()));
        }
        int open = out.length();
        out.append('>');
        Last last = appendContent(out, value, type, depth + 1);
        if (last == Last.NOTHING) {
            out.setLength(open);
            out.appendAscii("/>");
            return;
        }
        if (last == Last.ELEMENT) {
            breakLine(out, depth);
        }
        out.appendAscii("</");
        out.append(name);
        out.append('>');
    }

    private void breakLine(ByteBuilder out, int depth) {
        if (isIndented()) {
            out.append('\n');
            for (int i = 0; i < depth; i++) {
                out.appendAscii(indent);
            }
        }
    }

    private boolean isAttribute(String name, DataType type) {
        return name.startsWith(attributePrefix) && !name.equals(valueTag) && !type.isNested();
    }

    /// What a field's element or attribute is called.
    private String tag(String name, DataType type) {
        return isAttribute(name, type) ? name.substring(attributePrefix.length()) : name;
    }

    private String key(Object key, MapType type) {
        String name = text(key, type.keyType()).toString();
        if (!name.equals(valueTag) && !XmlText.isName(tag(name, type.valueType()))) {
            throw new DataException("INVALID_XML_NAME", invalidName(name, "key of a map"));
        }
        return name;
    }

    private void appendIfAttribute(ByteBuilder out, String name, @Nullable Object value, DataType type) {
        if (!isAttribute(name, type) || value == null && nullValue.isEmpty()) {
            return;
        }
        out.append(' ');
        out.append(tag(name, type));
        out.appendAscii("=\"");
        texts.appendAttribute(out, (value == null ? nullValue.orElseThrow() : text(value, type)).toString());
        out.append('"');
    }

    /// Appends what is in an element of a value, without its attributes.
    private Last appendContent(ByteBuilder out, @Nullable Object value, DataType type, int depth) {
        Last last = Last.NOTHING;
        switch (value) {
            case null -> {
                texts.append(out, nullValue.orElseThrow());
                return Last.TEXT;
            }
            case List<?> values when type instanceof StructType struct -> {
                for (int i = 0; i < struct.size(); i++) {
                    StructField field = struct.field(i);
                    last = appendField(out, field.name(), values.get(i), field.dataType(), depth, last);
                }
            }
            case Map<?, ?> map when type instanceof MapType of -> {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    String name = text(entry.getKey(), of.keyType()).toString();
                    last = appendField(out, name, entry.getValue(), of.valueType(), depth, last);
                }
            }
            case List<?> values when type instanceof ArrayType(DataType element, boolean _) -> {
                for (Object each : values) {
                    last = appendNamed(out, arrayElement, each, element, depth, last);
                }
            }
            default -> {
                texts.append(out, text(value, type));
                return Last.TEXT;
            }
        }
        return last;
    }

    private Last appendField(
            ByteBuilder out, String name, @Nullable Object value, DataType type, int depth, Last before) {
        if (isAttribute(name, type)) {
            return before;
        }
        if (!(value instanceof List<?> values) || !(type instanceof ArrayType(DataType element, boolean _))) {
            return appendNamed(out, name, value, type, depth, before);
        }
        Last last = before;
        for (Object each : values) {
            last = appendNamed(out, name, each, element, depth, last);
        }
        return last;
    }

    private Last appendNamed(
            ByteBuilder out, String name, @Nullable Object value, DataType type, int depth, Last before) {
        if (value == null && nullValue.isEmpty()) {
            return before;
        }
        if (name.equals(valueTag)) {
            Last last = appendContent(out, value, type, depth);
            return last == Last.NOTHING ? before : last;
        }
        appendElement(out, name, value, type, depth);
        return Last.ELEMENT;
    }

    /// The text of a value that is not made of others.
    private Slice text(Object value, DataType type) {
        return switch (value) {
            case Slice bytes when type instanceof BinaryType -> Slice.of(Base64.getEncoder().encode(bytes.bytes()));
            case Slice text -> text;
            case BigDecimal decimal -> Slice.utf8(decimal.toPlainString());
            case Integer day when type instanceof DateType -> time(out -> times.appendDate(out, day));
            case Long micros when type instanceof TimestampType -> time(out -> times.appendTimestamp(out, micros));
            case Long micros
                    when type instanceof TimestampNTZType -> time(out -> times.appendTimestampWithoutZone(out, micros));
            case Number number when type instanceof AnsiIntervalType interval ->
                Slice.utf8(IntervalFormat.text(number.longValue(), interval));
            default -> Slice.utf8(value.toString());
        };
    }

    private static Slice time(java.util.function.Consumer<ByteBuilder> append) {
        ByteBuilder out = new ByteBuilder();
        append.accept(out);
        return Slice.of(out.toArray());
    }
}

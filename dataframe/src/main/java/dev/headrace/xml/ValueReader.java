package dev.headrace.xml;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads elements, and the texts of attributes, as values of a type, which are as [dev.headrace.chunk.Cell] describes
/// them. What does not fit is null, and [noted][Mismatch].
abstract class ValueReader {
    /// The first value of a record that did not fit.
    static final class Mismatch {
        private @Nullable String problem;

        void note(String text, DataType type) {
            if (problem == null) {
                String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
                problem = "'" + shown + "' is not of type " + type.simpleString();
            }
        }

        void clear() {
            problem = null;
        }

        /// What does not fit, if anything.
        @Nullable String problem() {
            return problem;
        }
    }

    /// Reads an element from its start, at which the reader is, to its end.
    abstract @Nullable Object read(ElementReader in);

    /// Reads the text of an attribute, or one that stands beside elements.
    abstract @Nullable Object of(String text);

    /// The reader for a type.
    ///
    /// @throws QueryException `UNSUPPORTED_XML_TYPE`
    static ValueReader of(DataType type, XmlOptions options, Mismatch mismatch) {
        return switch (type) {
            case StructType struct -> new OfStruct(struct, options, mismatch);
            case ArrayType array -> new OfArray(array, options, mismatch);
            case MapType map -> new OfMap(map, options, mismatch);
            case StringType _ -> new OfString(options);
            case NullType _ -> new OfNothing();
            default -> new OfText(type, options, mismatch);
        };
    }

    /// The reader for one element of a field: of those of an array there may be several.
    private static ValueReader ofOne(DataType field, XmlOptions options, Mismatch mismatch) {
        return of(field instanceof ArrayType array ? array.elementType() : field, options, mismatch);
    }

    private static List<@Nullable Object> appended(@Nullable Object array, @Nullable Object element) {
        @SuppressWarnings("unchecked") // what stands in an array's place is one made here
        List<@Nullable Object> elements = array == null ? new ArrayList<>() : (List<@Nullable Object>) array;
        elements.add(element);
        return elements;
    }

    /// Text, of any type but string. None at all is null.
    private static final class OfText extends ValueReader {
        private final DataType type;
        private final TextReader reader;
        private final XmlOptions options;
        private final Mismatch mismatch;

        OfText(DataType type, XmlOptions options, Mismatch mismatch) {
            this.type = type;
            this.reader = TextReader.of(type, options);
            this.options = options;
            this.mismatch = mismatch;
        }

        @Override
        @Nullable Object read(ElementReader in) {
            return of(in.content());
        }

        @Override
        @Nullable Object of(String text) {
            @Nullable String value = options.value(text);
            if (value == null || value.isBlank()) {
                return null;
            }
            @Nullable Object read = reader.read(value);
            if (read == null) {
                mismatch.note(value, type);
            }
            return read;
        }
    }

    /// Text, or what is in an element as XML. An element without any is the empty string.
    private static final class OfString extends ValueReader {
        private final XmlOptions options;

        OfString(XmlOptions options) {
            this.options = options;
        }

        @Override
        @Nullable Object read(ElementReader in) {
            return of(in.content());
        }

        @Override
        @Nullable Object of(String text) {
            @Nullable String value = options.value(text);
            return value == null ? null : Slice.utf8(value);
        }
    }

    /// Takes anything for null.
    private static final class OfNothing extends ValueReader {
        @Override
        @Nullable Object read(ElementReader in) {
            in.skip();
            return null;
        }

        @Override
        @Nullable Object of(String text) {
            return null;
        }
    }

    /// What is made of elements, so that text alone does not fit.
    private abstract static class OfElements extends ValueReader {
        private final DataType type;
        private final Mismatch mismatch;

        OfElements(DataType type, Mismatch mismatch) {
            this.type = type;
            this.mismatch = mismatch;
        }

        @Override
        final @Nullable Object of(String text) {
            mismatch.note(text, type);
            return null;
        }
    }

    /// An array that is an element of its own, since it is in another array: the elements in it that are called as the
    /// option `arrayElementName` says.
    private static final class OfArray extends OfElements {
        private final ValueReader element;
        private final String name;

        OfArray(ArrayType type, XmlOptions options, Mismatch mismatch) {
            super(type, mismatch);
            this.element = ValueReader.of(type.elementType(), options, mismatch);
            this.name = options.names().arrayElement();
        }

        @Override
        @Nullable Object read(ElementReader in) {
            List<@Nullable Object> values = new ArrayList<>();
            while (true) {
                switch (in.next()) {
                    case START -> {
                        if (in.name().equalsIgnoreCase(name)) {
                            values.add(element.read(in));
                        } else {
                            in.skip();
                        }
                    }
                    case TEXT -> {
                        if (!in.text().isBlank()) {
                            of(in.text().strip());
                        }
                    }
                    case END -> {
                        return values;
                    }
                }
            }
        }
    }

    /// The attributes, elements and text of an element by their names; null if there are none.
    private static final class OfMap extends OfElements {
        private final ValueReader value;
        private final boolean repeated;
        private final XmlOptions.Names names;

        OfMap(MapType type, XmlOptions options, Mismatch mismatch) {
            super(type, mismatch);
            if (!(type.keyType() instanceof StringType)) {
                throw new QueryException(
                        "UNSUPPORTED_XML_TYPE",
                        options.owner() + ": names in XML are strings, so the keys of " + type.simpleString()
                                + " can't be read. Make it a map<string,"
                                + type.valueType().simpleString() + ">.");
            }
            this.repeated = type.valueType() instanceof ArrayType;
            this.value = ofOne(type.valueType(), options, mismatch);
            this.names = options.names();
        }

        @Override
        @Nullable Object read(ElementReader in) {
            Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
            for (int i = 0; names.attributes() && i < in.attributeCount(); i++) {
                put(entries, names.attributePrefix() + in.attributeName(i), value.of(in.attributeValue(i)));
            }
            while (true) {
                switch (in.next()) {
                    case START -> {
                        String name = in.name();
                        put(entries, name, value.read(in));
                    }
                    case TEXT -> {
                        if (!in.text().isBlank()) {
                            put(entries, names.valueTag(), value.of(in.text()));
                        }
                    }
                    case END -> {
                        return entries.isEmpty() ? null : entries;
                    }
                }
            }
        }

        private void put(Map<Object, @Nullable Object> entries, String name, @Nullable Object read) {
            Slice key = Slice.utf8(name);
            entries.put(key, repeated ? appended(entries.get(key), read) : read);
        }
    }

    /// The attributes, elements and text of an element by the names of fields, in any case. A field that is an array
    /// gets all elements of its name, another one the last.
    static final class OfStruct extends OfElements {
        private final XmlOptions.Names names;
        private final ValueReader[] readers;
        private final boolean[] repeated;
        private final Map<String, Integer> exactly = new HashMap<>();
        private final Map<String, Integer> inAnyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private final int wildcard;

        OfStruct(StructType type, XmlOptions options, Mismatch mismatch) {
            super(type, mismatch);
            this.names = options.names();
            this.readers = new ValueReader[type.size()];
            this.repeated = new boolean[type.size()];
            for (int i = 0; i < type.size(); i++) {
                DataType field = type.field(i).dataType();
                repeated[i] = field instanceof ArrayType;
                readers[i] = ofOne(field, options, mismatch);
                exactly.putIfAbsent(type.field(i).name(), i);
                inAnyCase.putIfAbsent(type.field(i).name(), i);
            }
            this.wildcard = wildcard();
        }

        /// -1 if there is none that can hold XML.
        private int wildcard() {
            @Nullable Integer ordinal = exactly.get(names.wildcard());
            return ordinal != null && readers[ordinal] instanceof OfString ? ordinal : -1;
        }

        private int find(String name) {
            @Nullable Integer ordinal = exactly.get(name);
            if (ordinal == null) {
                ordinal = inAnyCase.get(name);
            }
            return ordinal == null ? -1 : ordinal;
        }

        @Override
        List<@Nullable Object> read(ElementReader in) {
            @Nullable Object[] values = new @Nullable Object[readers.length];
            for (int i = 0; names.attributes() && i < in.attributeCount(); i++) {
                int field = find(names.attributePrefix() + in.attributeName(i));
                if (field >= 0) {
                    put(values, field, readers[field].of(in.attributeValue(i)));
                }
            }
            while (true) {
                switch (in.next()) {
                    case START -> readElement(in, values);
                    case TEXT -> readText(in.text(), values);
                    case END -> {
                        return java.util.Arrays.asList(values);
                    }
                }
            }
        }

        private void readElement(ElementReader in, @Nullable Object[] values) {
            int named = find(in.name());
            int field = named < 0 ? wildcard : named;
            if (field < 0) {
                in.skip();
            } else {
                put(values, field, readers[field].read(in));
            }
        }

        private void readText(String text, @Nullable Object[] values) {
            int field = text.isBlank() ? -1 : find(names.valueTag());
            if (field >= 0) {
                put(values, field, readers[field].of(text));
            }
        }

        private void put(@Nullable Object[] values, int field, @Nullable Object value) {
            values[field] = repeated[field] ? appended(values[field], value) : value;
        }
    }
}

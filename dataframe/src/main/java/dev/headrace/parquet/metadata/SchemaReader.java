package dev.headrace.parquet.metadata;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.schema.EdgeInterpolationAlgorithm;
import org.apache.parquet.schema.ColumnOrder;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.OriginalType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/// Decodes a footer's schema: a list of `SchemaElement`s (`parquet.thrift`), each member of the tree before its own
/// members, and a list of `ColumnOrder`s, one for each column that has values.
///
/// An element says what its values mean as a `LogicalType`, as an older `ConvertedType`, or as both; where both differ
/// in more than the older one can say, the older one is taken, as the library does.
final class SchemaReader {
    /// How deep groups may nest.
    private static final int MAX_DEPTH = 256;

    private static final Repetition[] REPETITIONS = {Repetition.REQUIRED, Repetition.OPTIONAL, Repetition.REPEATED};

    private final List<Element> elements;
    private final @Nullable List<ColumnOrder> orders;
    private int nextElement;
    private int nextOrder;

    private SchemaReader(List<Element> elements, @Nullable List<ColumnOrder> orders) {
        this.elements = elements;
        this.orders = orders;
    }

    /// @throws RuntimeException if the bytes are no schema
    static MessageType read(FileSchema.Source source) {
        CompactReader in = CompactReader.ofList(source.footer(), source.elementsFrom(), source.elementsTo());
        List<Element> elements = new ArrayList<>();
        for (int left = in.structs(); left > 0; left--) {
            elements.add(Element.read(in));
        }
        boolean ordered = source.ordersFrom() < source.ordersTo();
        SchemaReader reader = new SchemaReader(elements, ordered ? orders(source) : null);
        Element root = reader.next();
        Types.MessageTypeBuilder message = Types.buildMessage();
        if (root.fieldId != null) {
            message.id(root.fieldId);
        }
        reader.addMembers(message, root.memberCount, MAX_DEPTH);
        return message.named(root.name);
    }

    private static List<ColumnOrder> orders(FileSchema.Source source) {
        CompactReader in = CompactReader.ofList(source.footer(), source.ordersFrom(), source.ordersTo());
        List<ColumnOrder> orders = new ArrayList<>();
        for (int left = in.structs(); left > 0; left--) {
            ColumnOrder order = ColumnOrder.undefined();
            for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
                in.skip();
                order = switch (id) {
                    case 1 -> ColumnOrder.typeDefined();
                    case 2 -> ColumnOrder.ieee754TotalOrder();
                    default -> ColumnOrder.undefined();
                };
            }
            orders.add(order);
        }
        return orders;
    }

    private Element next() {
        if (nextElement == elements.size()) {
            throw new MalformedMetadataException("the schema ends within a group");
        }
        return elements.get(nextElement++);
    }

    private void addMembers(Types.GroupBuilder<?> group, int count, int depth) {
        if (depth == 0) {
            throw new MalformedMetadataException("groups nest deeper than " + MAX_DEPTH + " levels");
        }
        for (int i = 0; i < count; i++) {
            Element element = next();
            Types.Builder<?, ?> member;
            if (element.type == null) {
                Types.GroupBuilder<?> inner = group.group(element.repetition());
                addMembers(inner, element.memberCount, depth - 1);
                member = inner;
            } else {
                member = primitive(group, element, element.type);
            }
            annotate(member, element);
            if (element.fieldId != null) {
                member.id(element.fieldId);
            }
            member.named(element.name);
        }
    }

    private Types.Builder<?, ?> primitive(Types.GroupBuilder<?> group, Element element, PrimitiveTypeName type) {
        Types.PrimitiveBuilder<?> primitive = group.primitive(type, element.repetition());
        if (element.length != null) {
            primitive.length(element.length);
        }
        if (element.precision != null) {
            primitive.precision(element.precision);
        }
        if (element.scale != null) {
            primitive.scale(element.scale);
        }
        ColumnOrder order = order(element, type);
        if (order != null) {
            primitive.columnOrder(order);
        }
        return primitive;
    }

    /// Null for the one that the library takes for the type.
    private @Nullable ColumnOrder order(Element element, PrimitiveTypeName type) {
        if (orders == null) {
            // Footers without orders are older than the total order that the library takes for numbers with fractions.
            boolean fractional = type == PrimitiveTypeName.FLOAT
                    || type == PrimitiveTypeName.DOUBLE
                    || element.meaning instanceof Float16LogicalTypeAnnotation;
            return fractional ? ColumnOrder.typeDefined() : null;
        }
        if (nextOrder == orders.size()) {
            throw new MalformedMetadataException("there are " + nextOrder + " orders for more columns");
        }
        ColumnOrder order = orders.get(nextOrder++);
        boolean unordered = type == PrimitiveTypeName.INT96 || element.convertedType == OriginalType.INTERVAL;
        return unordered && order.equals(ColumnOrder.typeDefined()) ? ColumnOrder.undefined() : order;
    }

    private static void annotate(Types.Builder<?, ?> member, Element element) {
        LogicalTypeAnnotation meaning = element.meaning;
        OriginalType older = meaning == null ? null : meaning.toOriginalType();
        if (meaning != null) {
            member.as(meaning);
        }
        if (element.convertedType != null && element.convertedType != older) {
            member.as(element.convertedType);
        }
    }

    /// A `SchemaElement`; what it does not say is null.
    private static final class Element {
        @Nullable PrimitiveTypeName type;

        @Nullable Integer length;

        @Nullable Repetition repetition;

        String name = "";
        int memberCount;

        @Nullable OriginalType convertedType;

        @Nullable Integer scale;

        @Nullable Integer precision;

        @Nullable Integer fieldId;

        @Nullable LogicalTypeAnnotation meaning;

        static Element read(CompactReader in) {
            Element element = new Element();
            boolean named = false;
            for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
                switch (id) {
                    case 1 -> element.type = primitive(in.i32());
                    case 2 -> element.length = in.i32();
                    case 3 -> element.repetition = repetitionOf(in.i32());
                    case 4 -> {
                        element.name = in.string();
                        named = true;
                    }
                    case 5 -> element.memberCount = in.i32();
                    case 6 -> element.convertedType = convertedType(in.i32());
                    case 7 -> element.scale = in.i32();
                    case 8 -> element.precision = in.i32();
                    case 9 -> element.fieldId = in.i32();
                    case 10 -> element.meaning = meaning(in);
                    default -> in.skip();
                }
            }
            if (!named) {
                throw new MalformedMetadataException("a column without a name");
            }
            return element;
        }

        Repetition repetition() {
            Repetition known = repetition;
            if (known == null) {
                throw new MalformedMetadataException(
                        "the column '" + name + "' does not say whether it is required, optional or repeated");
            }
            return known;
        }
    }

    private static PrimitiveTypeName primitive(int number) {
        return switch (number) {
            case 0 -> PrimitiveTypeName.BOOLEAN;
            case 1 -> PrimitiveTypeName.INT32;
            case 2 -> PrimitiveTypeName.INT64;
            case 3 -> PrimitiveTypeName.INT96;
            case 4 -> PrimitiveTypeName.FLOAT;
            case 5 -> PrimitiveTypeName.DOUBLE;
            case 6 -> PrimitiveTypeName.BINARY;
            case 7 -> PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
            default -> throw new MalformedMetadataException("there is no type " + number);
        };
    }

    private static @Nullable Repetition repetitionOf(int number) {
        return number >= 0 && number < REPETITIONS.length ? REPETITIONS[number] : null;
    }

    /// Null if it came later than this reader.
    private static @Nullable OriginalType convertedType(int number) {
        return switch (number) {
            case 0 -> OriginalType.UTF8;
            case 1 -> OriginalType.MAP;
            case 2 -> OriginalType.MAP_KEY_VALUE;
            case 3 -> OriginalType.LIST;
            case 4 -> OriginalType.ENUM;
            case 5 -> OriginalType.DECIMAL;
            case 6 -> OriginalType.DATE;
            case 7 -> OriginalType.TIME_MILLIS;
            case 8 -> OriginalType.TIME_MICROS;
            case 9 -> OriginalType.TIMESTAMP_MILLIS;
            case 10 -> OriginalType.TIMESTAMP_MICROS;
            case 11 -> OriginalType.UINT_8;
            case 12 -> OriginalType.UINT_16;
            case 13 -> OriginalType.UINT_32;
            case 14 -> OriginalType.UINT_64;
            case 15 -> OriginalType.INT_8;
            case 16 -> OriginalType.INT_16;
            case 17 -> OriginalType.INT_32;
            case 18 -> OriginalType.INT_64;
            case 19 -> OriginalType.JSON;
            case 20 -> OriginalType.BSON;
            case 21 -> OriginalType.INTERVAL;
            default -> null;
        };
    }

    /// A `LogicalType`, which is a union; null if it came later than this reader.
    private static @Nullable LogicalTypeAnnotation meaning(CompactReader in) {
        LogicalTypeAnnotation found = null;
        in.struct();
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            in.struct();
            found = switch (id) {
                case 5 -> decimal(in);
                case 7, 8 -> time(in, id == 7);
                case 10 -> integer(in);
                case 16 -> variant(in);
                case 17, 18 -> place(in, id == 17);
                default -> {
                    in.skip();
                    yield plain(id);
                }
            };
        }
        return found;
    }

    private static @Nullable LogicalTypeAnnotation plain(int id) {
        return switch (id) {
            case 1 -> LogicalTypeAnnotation.stringType();
            case 2 -> LogicalTypeAnnotation.mapType();
            case 3 -> LogicalTypeAnnotation.listType();
            case 4 -> LogicalTypeAnnotation.enumType();
            case 6 -> LogicalTypeAnnotation.dateType();
            case 11 -> LogicalTypeAnnotation.unknownType();
            case 12 -> LogicalTypeAnnotation.jsonType();
            case 13 -> LogicalTypeAnnotation.bsonType();
            case 14 -> LogicalTypeAnnotation.uuidType();
            case 15 -> LogicalTypeAnnotation.float16Type();
            default -> null;
        };
    }

    private static LogicalTypeAnnotation decimal(CompactReader in) {
        int scale = 0;
        int precision = 0;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> scale = in.i32();
                case 2 -> precision = in.i32();
                default -> in.skip();
            }
        }
        return LogicalTypeAnnotation.decimalType(scale, precision);
    }

    /// @param ofDay whether it is a time without a date
    private static LogicalTypeAnnotation time(CompactReader in, boolean ofDay) {
        boolean utc = false;
        TimeUnit unit = null;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> utc = in.bool();
                case 2 -> unit = unit(in);
                default -> in.skip();
            }
        }
        if (unit == null) {
            throw new MalformedMetadataException("a time of an unknown unit");
        }
        return ofDay ? LogicalTypeAnnotation.timeType(utc, unit) : LogicalTypeAnnotation.timestampType(utc, unit);
    }

    private static @Nullable TimeUnit unit(CompactReader in) {
        TimeUnit unit = null;
        in.struct();
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            in.skip();
            unit = switch (id) {
                case 1 -> TimeUnit.MILLIS;
                case 2 -> TimeUnit.MICROS;
                case 3 -> TimeUnit.NANOS;
                default -> null;
            };
        }
        return unit;
    }

    private static LogicalTypeAnnotation integer(CompactReader in) {
        int bits = 0;
        boolean signed = false;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> bits = in.i8();
                case 2 -> signed = in.bool();
                default -> in.skip();
            }
        }
        return LogicalTypeAnnotation.intType(bits, signed);
    }

    private static LogicalTypeAnnotation variant(CompactReader in) {
        byte version = 0;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> version = in.i8();
                default -> in.skip();
            }
        }
        return LogicalTypeAnnotation.variantType(version);
    }

    /// @param flat whether it is a geometry, else a geography
    private static LogicalTypeAnnotation place(CompactReader in, boolean flat) {
        String system = null;
        EdgeInterpolationAlgorithm edges = null;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> system = in.string();
                case 2 -> edges = EdgeInterpolationAlgorithm.findByValue(in.i32());
                default -> in.skip();
            }
        }
        return flat ? LogicalTypeAnnotation.geometryType(system) : LogicalTypeAnnotation.geographyType(system, edges);
    }
}

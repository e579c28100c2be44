package dev.headrace.parquet;

import dev.headrace.chunk.Slice;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import dev.headrace.variant.Variant;
import dev.headrace.variant.VariantBuilder;
import dev.headrace.variant.VariantKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// How a variant, or a field or element of a shredded one, is stored: as a binary `value`, or where its type is the
/// one that the writer has chosen, in a column `typed_value` of that type. An object can be in both, some fields here
/// and some there.
///
/// @param value the place of the binary in the group
/// @param typed the place of the typed column
record VariantParts(OptionalInt value, OptionalInt typed, Optional<Typed> shape) {
    private static final String TYPED_VALUE = "typed_value";

    /// What a typed column holds.
    private sealed interface Typed {
        /// @param uuid whether the bytes are a UUID
        record Scalar(DataType type, boolean uuid) implements Typed {}

        record Elements(VariantParts element) implements Typed {}

        record Fields(List<String> names, List<VariantParts> parts) implements Typed {
            public Fields {
                names = List.copyOf(names);
                parts = List.copyOf(parts);
            }
        }
    }

    /// Whether a member of a file's schema can be a variant.
    static boolean isVariant(Type type) {
        return !type.isPrimitive()
                && isBinary(type.asGroupType(), SchemaToParquet.METADATA)
                && (isBinary(type.asGroupType(), SchemaToParquet.VALUE)
                        || type.asGroupType().containsField(TYPED_VALUE));
    }

    private static boolean isBinary(GroupType group, String name) {
        return group.containsField(name)
                && group.getType(name).isPrimitive()
                && group.getType(name).asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
    }

    /// @param column its name, for messages
    /// @param stored the type of `group` as a struct
    /// @throws dev.headrace.errors.DataException `UNSUPPORTED_PARQUET` for what variants can't be shredded into
    static VariantParts of(Path file, String column, GroupType group, StructType stored) {
        OptionalInt typed = stored.indexOf(TYPED_VALUE);
        return new VariantParts(
                stored.indexOf(SchemaToParquet.VALUE),
                typed,
                typed.isEmpty()
                        ? Optional.empty()
                        : Optional.of(typed(
                                file,
                                column,
                                group.getType(typed.getAsInt()),
                                stored.field(typed.getAsInt()).dataType())));
    }

    private static Typed typed(Path file, String column, Type type, DataType stored) {
        return switch (stored) {
            case StructType fields -> {
                List<VariantParts> parts = new ArrayList<>();
                for (int i = 0; i < fields.size(); i++) {
                    Type field = type.asGroupType().getType(i);
                    parts.add(part(file, column, field, fields.field(i).dataType()));
                }
                yield new Typed.Fields(fields.names(), parts);
            }
            case ArrayType(DataType element, boolean _) when NestedTypes.isList(type) -> {
                GroupType list = type.asGroupType();
                Type repeated = list.getType(0);
                Type found = NestedTypes.repeatedIsElement(list)
                        ? repeated
                        : repeated.asGroupType().getType(0);
                yield new Typed.Elements(part(file, column, found, element));
            }
            case DataType atomic when type.isPrimitive() && isShredded(type, atomic) ->
                new Typed.Scalar(atomic, type.getLogicalTypeAnnotation() instanceof UUIDLogicalTypeAnnotation);
            case DataType _ -> throw unsupported(file, column, type);
        };
    }

    private static boolean isShredded(Type type, DataType atomic) {
        boolean fixed = type.asPrimitiveType().getTypeLength() > 0;
        return !(type.getLogicalTypeAnnotation() instanceof TimeLogicalTypeAnnotation)
                && !(fixed
                        && atomic instanceof BinaryType
                        && !(type.getLogicalTypeAnnotation() instanceof UUIDLogicalTypeAnnotation));
    }

    private static VariantParts part(Path file, String column, Type group, DataType stored) {
        if (!(stored instanceof StructType struct)) {
            throw unsupported(file, column, group);
        }
        return of(file, column, group.asGroupType(), struct);
    }

    private static RuntimeException unsupported(Path file, String column, Type type) {
        return ParquetErrors.unsupported(file, column, "a variant that is shredded into '" + type + "'");
    }

    /// Whether all of it is in one binary.
    boolean isWhole() {
        return typed.isEmpty() && value.isPresent();
    }

    /// Whether there is anything in a group, whose cells are as [dev.headrace.chunk.Cell] describes a struct.
    boolean isPresent(@Nullable Object cells) {
        return cells instanceof List<?> fields && (cell(fields, value) != null || cell(fields, typed) != null);
    }

    private static @Nullable Object cell(List<?> fields, OptionalInt at) {
        return at.isPresent() ? fields.get(at.getAsInt()) : null;
    }

    /// Puts a variant together and appends it; one that is missing is appended as null.
    void append(VariantBuilder out, @Nullable Object cells, byte[] metadata) {
        if (!(cells instanceof List<?> fields)) {
            out.appendNull();
            return;
        }
        Optional<Variant> rest =
                Optional.ofNullable(cell(fields, value)).map(bytes -> Variant.of(((Slice) bytes).bytes(), metadata));
        @Nullable Object typedCell = cell(fields, typed);
        if (typedCell == null) {
            rest.ifPresentOrElse(out::append, out::appendNull);
            return;
        }
        switch (shape.orElseThrow()) {
            case Typed.Scalar(DataType _, boolean uuid) when uuid -> out.appendUuid(((Slice) typedCell).bytes());
            case Typed.Scalar(DataType type, boolean _) -> out.appendScalar(typedCell, type);
            case Typed.Elements(VariantParts element) -> appendArray(out, (List<?>) typedCell, element, metadata);
            case Typed.Fields shredded -> appendObject(out, (List<?>) typedCell, shredded, rest, metadata);
        }
    }

    private static void appendArray(VariantBuilder out, List<?> elements, VariantParts element, byte[] metadata) {
        int start = out.position();
        List<Integer> starts = new ArrayList<>();
        for (Object cells : elements) {
            starts.add(out.position());
            element.append(out, cells, metadata);
        }
        out.finishArray(start, starts);
    }

    /// The fields that have columns, and those of the rest, which has no others of the same names.
    private static void appendObject(
            VariantBuilder out, List<?> cells, Typed.Fields shredded, Optional<Variant> rest, byte[] metadata) {
        int start = out.position();
        List<VariantBuilder.Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < shredded.names().size(); i++) {
            VariantParts part = shredded.parts().get(i);
            if (part.isPresent(cells.get(i))) {
                names.add(shredded.names().get(i));
                fields.add(out.field(shredded.names().get(i)));
                part.append(out, cells.get(i), metadata);
            }
        }
        if (rest.isPresent() && rest.get().kind() == VariantKind.OBJECT) {
            Variant object = rest.get();
            object.forEachPart((part, i) -> {
                if (names.add(object.name(i))) {
                    fields.add(out.field(object.name(i)));
                    out.append(part);
                }
            });
        }
        out.finishObject(start, fields);
    }
}

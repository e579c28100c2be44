package dev.headrace.parquet;

import dev.headrace.files.ExistsDefault;
import dev.headrace.parquet.LeafReader.Leaf;
import dev.headrace.parquet.metadata.FileSchema;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/// Finds the columns of a schema in a file.
///
/// A column goes by its id, if it has one ([FieldIds]), else by its name: the exact one, else the only one that differs
/// in letter case alone. What the file lacks
/// is null; what it holds as another type is an error, unless every value of that type is one of the wanted type.
final class ColumnPlanner {
    private static final int MAX_LEVEL = 127;

    private final Path file;
    private final FileSchema fileSchema;
    private final FileTimes times;

    ColumnPlanner(Path file, FileSchema fileSchema, FileTimes times) {
        this.file = file;
        this.fileSchema = fileSchema;
        this.times = times;
    }

    /// Where in the tree of the file's schema we are.
    ///
    /// @param definition the definition level of a value that is there
    /// @param repetition the repetition level
    /// @param slotDefinition the definition level from which on there is a slot: that of the innermost list
    /// @param structMayBeNull whether a struct above may be null
    private record Place(
            List<String> path, int definition, int repetition, int slotDefinition, boolean structMayBeNull) {
        static final Place ROOT = new Place(List.of(), 0, 0, 0, false);

        Place into(Type type) {
            List<String> longer = new ArrayList<>(path);
            longer.add(type.getName());
            return switch (type.getRepetition()) {
                case REQUIRED -> new Place(longer, definition, repetition, slotDefinition, structMayBeNull);
                case OPTIONAL -> new Place(longer, definition + 1, repetition, slotDefinition, structMayBeNull);
                case REPEATED -> new Place(longer, definition + 1, repetition + 1, definition + 1, false);
            };
        }

        Place inStruct() {
            return new Place(
                    path, definition, repetition, slotDefinition, structMayBeNull || definition > slotDefinition);
        }

        String name() {
            return String.join(".", path);
        }
    }

    /// How a top-level column is read.
    ///
    /// @throws dev.headrace.errors.DataException `PARQUET_TYPE_MISMATCH` or `AMBIGUOUS_PARQUET_COLUMN`
    ColumnPlan plan(StructField field) {
        return plan(field, fileSchema.message(), Place.ROOT);
    }

    private ColumnPlan plan(StructField field, GroupType group, Place place) {
        OptionalInt id = FieldIds.of(field);
        @Nullable Type type = id.isPresent() ? FieldIds.find(group, id.getAsInt()) : find(group, field.name(), place);
        if (type == null || field.dataType() instanceof NullType) {
            return new ColumnPlan.Missing(place.path.isEmpty() ? ExistsDefault.of(field) : Optional.empty());
        }
        return member(field.dataType(), type, place);
    }

    /// The member of a group with this name, or null.
    private @Nullable Type find(GroupType group, String name, Place place) {
        if (group.containsField(name)) {
            return group.getType(name);
        }
        @Nullable Type found = null;
        for (Type type : group.getFields()) {
            if (type.getName().equalsIgnoreCase(name)) {
                if (found != null) {
                    String prefix = place.path.isEmpty() ? "" : place.name() + ".";
                    throw ParquetErrors.ambiguous(
                            file, prefix + name, prefix + found.getName(), prefix + type.getName());
                }
                found = type;
            }
        }
        return found;
    }

    /// @param place of the group that `type` is a member of
    private ColumnPlan member(DataType wanted, Type type, Place place) {
        Place inner = place.into(type);
        if (!type.isRepetition(Repetition.REPEATED)) {
            return value(wanted, type, inner);
        }
        // A repeated member without a list around it: a list that is never null, and whose elements aren't either.
        if (!(wanted instanceof ArrayType(DataType element, boolean _))) {
            throw ParquetErrors.typeMismatch(file, inner.name(), wanted, type);
        }
        return repeated(place, inner, value(element, type, inner));
    }

    /// @param place of `type` itself
    private ColumnPlan value(DataType wanted, Type type, Place place) {
        return switch (wanted) {
            case ArrayType(DataType element, boolean _) when NestedTypes.isList(type) -> list(element, type, place);
            case MapType map when NestedTypes.isMap(type) -> map(map, type, place);
            case StructType struct when isStruct(type) -> struct(struct, type.asGroupType(), place);
            case VariantType _ when VariantParts.isVariant(type) -> variant(type.asGroupType(), place);
            case DataType atomic when type.isPrimitive() -> leaf(atomic, type, place);
            case DataType _ -> throw ParquetErrors.typeMismatch(file, place.name(), wanted, type);
        };
    }

    private static boolean isStruct(Type type) {
        return !type.isPrimitive() && !NestedTypes.isList(type) && !NestedTypes.isMap(type);
    }

    private ColumnPlan list(DataType element, Type type, Place place) {
        GroupType group = type.asGroupType();
        Type repeated = group.getType(0);
        Place inner = place.into(repeated);
        ColumnPlan elements = NestedTypes.repeatedIsElement(group)
                ? value(element, repeated, inner)
                : member(element, repeated.asGroupType().getType(0), inner);
        return repeated(place, inner, elements);
    }

    private ColumnPlan map(MapType wanted, Type type, Place place) {
        GroupType entries = type.asGroupType().getType(0).asGroupType();
        Place inner = place.into(entries);
        Type key = entries.getType(0);
        Type value = entries.getType(1);
        ColumnPlan keys = member(wanted.keyType(), key, inner);
        ColumnPlan values = member(wanted.valueType(), value, inner);
        StructReader.Shape never =
                new StructReader.Shape(inner.definition, inner.repetition, inner.slotDefinition, true);
        return repeated(place, inner, new ColumnPlan.Struct(never, List.of(keys, values), 0, Optional.empty()));
    }

    private static ColumnPlan repeated(Place list, Place element, ColumnPlan plan) {
        return new ColumnPlan.Repeated(
                new ListReader.Shape(list.definition, element.definition, element.repetition, list.slotDefinition),
                plan);
    }

    private ColumnPlan struct(StructType wanted, GroupType type, Place place) {
        List<ColumnPlan> fields = new ArrayList<>();
        int witness = -1;
        for (StructField field : wanted) {
            ColumnPlan plan = plan(field, type, place.inStruct());
            int repetition = plan.witnessRepetition();
            if (repetition >= 0
                    && (witness < 0 || repetition < fields.get(witness).witnessRepetition())) {
                witness = fields.size();
            }
            fields.add(plan);
        }
        Optional<ColumnPlan.Primitive> extra =
                witness < 0 ? Optional.of(anyLeaf(type, place.inStruct())) : Optional.empty();
        int levels = extra.isPresent()
                ? extra.get().witnessRepetition()
                : fields.get(witness).witnessRepetition();
        return new ColumnPlan.Struct(
                new StructReader.Shape(place.definition, place.repetition, place.slotDefinition, levels > 0),
                fields,
                witness,
                extra);
    }

    private ColumnPlan variant(GroupType type, Place place) {
        StructType stored = SchemaFromParquet.convert(file, type);
        return new ColumnPlan.OfVariant(
                struct(stored, type, place), stored, VariantParts.of(file, place.name(), type, stored));
    }

    /// A leaf below a struct, read for its levels only: the least nested, so that few are read.
    private ColumnPlan.Primitive anyLeaf(GroupType group, Place place) {
        ColumnPlan.@Nullable Primitive best = null;
        for (Type type : group.getFields()) {
            Place inner = place.into(type);
            ColumnPlan.Primitive leaf = type.isPrimitive()
                    ? new ColumnPlan.Primitive(leafAt(inner), type.asPrimitiveType(), new LeafTarget.Nothing())
                    : anyLeaf(type.asGroupType(), inner.inStruct());
            if (best == null || leaf.leaf().maxRepetition() < best.leaf().maxRepetition()) {
                best = leaf;
            }
        }
        if (best == null) {
            throw ParquetErrors.unsupported(file, place.name(), "a struct without fields");
        }
        return best;
    }

    private ColumnPlan leaf(DataType wanted, Type type, Place place) {
        LeafTarget target = LeafTarget.of(type.asPrimitiveType(), wanted, times)
                .orElseThrow(() -> ParquetErrors.typeMismatch(file, place.name(), wanted, type));
        return new ColumnPlan.Primitive(leafAt(place), type.asPrimitiveType(), target);
    }

    private Leaf leafAt(Place place) {
        if (place.definition > MAX_LEVEL) {
            throw ParquetErrors.unsupported(file, place.name(), "nesting of more than " + MAX_LEVEL + " levels");
        }
        ColumnPath path = ColumnPath.get(place.path.toArray(String[]::new));
        return new Leaf(
                path,
                fileSchema.ordinal(path),
                place.definition,
                place.repetition,
                place.slotDefinition,
                place.structMayBeNull);
    }
}

package dev.headrace.files;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The schema of several files: the columns of all, each once.
public final class MergedSchema {
    private StructType merged = new StructType();
    private @Nullable Path first;

    /// The schema that the files of a table say they have.
    ///
    /// @param merge whether all files are asked, or only the first
    /// @throws QueryException `NO_FILES` if there are none, or all are passed over ([FaultyFiles]);
    ///     `INCOMPATIBLE_SCHEMAS`
    public static StructType of(
            ConnectorOptions options, List<InputFile> files, boolean merge, Function<Path, StructType> schemaOf) {
        FaultyFiles faulty = FaultyFiles.of(options);
        MergedSchema merged = new MergedSchema();
        for (InputFile file : files) {
            Cancellation.checkThread();
            faulty.read(() -> schemaOf.apply(file.path())).ifPresent(schema -> merged.add(file.path(), schema));
            if (!merge && merged.first != null) {
                break;
            }
        }
        if (merged.first == null) {
            throw new QueryException(
                    "NO_FILES",
                    "format(\"" + options.format() + "\") finds no files "
                            + (files.isEmpty() ? "in " : "that can be read in ") + options.paths()
                            + ", so there is no schema. Give one with schema(\"…\") if the directory may be empty.");
        }
        return merged.schema();
    }

    /// @throws QueryException `INCOMPATIBLE_SCHEMAS` if a column has another type than in the files before
    public void add(Path file, StructType schema) {
        Path before = first == null ? file : first;
        first = before;
        merged = merge(merged, nullable(schema), "", before, file);
    }

    /// The columns so far.
    public StructType schema() {
        return merged;
    }

    /// The schema with everything nullable: what one file promises, the next need not keep.
    public static StructType nullable(StructType schema) {
        return new StructType(schema.fieldList().stream()
                .map(field -> field.withDataType(nullable(field.dataType())).withNullable(true))
                .toList());
    }

    private static DataType nullable(DataType type) {
        return switch (type) {
            case StructType struct -> nullable(struct);
            case ArrayType(DataType element, boolean _) -> new ArrayType(nullable(element), true);
            case MapType(DataType key, DataType value, boolean _) -> new MapType(nullable(key), nullable(value), true);
            case DataType atomic -> atomic;
        };
    }

    private static StructType merge(StructType left, StructType right, String prefix, Path before, Path file) {
        List<StructField> fields = new ArrayList<>(left.fieldList());
        for (StructField field : right) {
            int known = place(left, field.name(), right);
            if (known < 0) {
                fields.add(field);
            } else {
                DataType type =
                        merge(left.field(known).dataType(), field.dataType(), prefix + field.name(), before, file);
                fields.set(known, left.field(known).withDataType(type));
            }
        }
        return new StructType(fields);
    }

    /// Which column of those so far a file's column is: as files are read, that of its name, else the only one of its
    /// name in another case, unless the file has one of just that name, too.
    ///
    /// @return -1 if it is none of them
    private static int place(StructType known, String name, StructType file) {
        int exact = known.indexOf(name).orElse(-1);
        if (exact >= 0) {
            return exact;
        }
        int[] similar = IntStream.range(0, known.size())
                .filter(i -> known.field(i).name().equalsIgnoreCase(name))
                .toArray();
        boolean only = similar.length == 1
                && file.indexOf(known.field(similar[0]).name()).isEmpty();
        return only ? similar[0] : -1;
    }

    private static DataType merge(DataType left, DataType right, String path, Path before, Path file) {
        return switch (left) {
            case StructType struct
                    when right instanceof StructType other -> merge(struct, other, path + ".", before, file);
            case ArrayType(DataType element, boolean _) when right instanceof ArrayType(DataType other, boolean _) ->
                new ArrayType(merge(element, other, path + ".element", before, file), true);
            case MapType(DataType key, DataType value, boolean _)
                    when right instanceof MapType(DataType otherKey, DataType otherValue, boolean _) ->
                new MapType(
                        merge(key, otherKey, path + ".key", before, file),
                        merge(value, otherValue, path + ".value", before, file),
                        true);
            case DataType same when same.equals(right) -> same;
            case DataType _ ->
                throw new QueryException(
                        "INCOMPATIBLE_SCHEMAS",
                        "'" + path + "' is " + right.simpleString() + " in '" + file + "', but " + left.simpleString()
                                + " in files before (the first is '" + before
                                + "'). Read them apart, or give a schema.");
        };
    }
}

package dev.headrace.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChangeLayout;
import dev.headrace.errors.DataException;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;

/// Columns that have come at the source while the query runs, or gone: the values of those that have come lie beside
/// the rows as JSON, and are made columns of the rows here; so do the names of those that rows lack.
///
/// A column that the table has gets the table's type; one that it has not, the type of its values in the batch that it
/// first comes with: `boolean`, `bigint`, `double`, or `string` for all else. Used by the thread of the trigger loop.
final class NewColumns {
    /// What happens to columns that the query's rows don't know.
    enum Policy {
        ADD,
        IGNORE,
        REFUSE
    }

    /// What happens to columns that changed rows lack.
    enum Gone {
        /// The row has a null in it.
        KEEP,
        /// The row's value stays as it was.
        IGNORE,
        /// The query ends.
        FAIL
    }

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final StructType schema;
    private final int rescued;
    private final Policy policy;
    private final Gone gone;
    private final TreeSet<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, StructField> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<StructField> inOrder = new ArrayList<>();
    private final TreeSet<String> goneBefore = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, List<String>> namesOf = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private Map<String, BitSet> lacking = Map.of();

    /// @param schema of the query's rows, the last column of which is the JSON if the layout says so
    NewColumns(StructType schema, ChangeLayout layout, Policy policy, Gone gone) {
        this.rescued = layout.rescued() ? schema.size() - 1 : -1;
        this.schema =
                layout.rescued() ? schema.select(IntStream.range(0, rescued).toArray()) : schema;
        this.policy = policy;
        this.gone = gone;
        known.addAll(layout.known());
        layout.renamed()
                .forEach((from, to) -> namesOf.computeIfAbsent(to, _ -> new ArrayList<>(List.of(to)))
                        .add(from));
        if (rescued < 0) {
            seen.addAll(namesOf.keySet());
        }
    }

    /// The schema of the rows that [#split] gives.
    StructType schema() {
        StructType all = schema;
        for (StructField column : inOrder) {
            all = all.add(column);
        }
        return all;
    }

    /// Takes in what the rows of a batch say of columns that are new, and gives them those columns.
    ///
    /// @param table the columns that the table has
    /// @param where names the table and the batch, for messages
    /// @return as many chunks, which the caller closes; new columns are in [#schema] now
    /// @throws DataException `CHANGES_NEW_COLUMN` if new columns are refused, `CHANGES_NEW_COLUMN_VALUE` if a value
    ///     does not fit, `CHANGES_GONE_COLUMN` if rows that lack columns are refused
    List<Chunk> split(List<Chunk> chunks, StructType table, String where, BufferAllocator allocator) {
        List<List<@Nullable JsonNode>> objects = new ArrayList<>();
        for (Chunk chunk : chunks) {
            objects.add(rescued < 0 ? List.of() : parse(chunk.column(rescued), where));
        }
        noteAbsent(chunks, objects, where);
        if (policy != Policy.IGNORE) {
            note(objects, table, where);
        }
        List<Chunk> split = new ArrayList<>();
        int[] kept = IntStream.range(0, schema.size()).toArray();
        try {
            for (int i = 0; i < chunks.size(); i++) {
                Chunk rows = chunks.get(i).select(kept);
                split.add(inOrder.isEmpty() ? rows : withColumns(rows, objects.get(i), where, allocator));
            }
        } catch (Throwable failed) {
            Closing.all(split);
            throw failed;
        }
        return split;
    }

    /// The rows of the last batch that leave a column as it was because they lack it.
    ///
    /// @return by column, the places of the rows among all of [#split]
    Map<String, BitSet> lacking() {
        return gone == Gone.IGNORE ? lacking : Map.of();
    }

    /// The columns that rows of the last batch lack, and those of no batch before.
    List<String> newlyGone() {
        List<String> names = lacking.keySet().stream()
                .filter(name -> !goneBefore.contains(name))
                .toList();
        goneBefore.addAll(names);
        return names;
    }

    /// The columns with other names before that rows have come with under their own; all of them, where nothing says
    /// which names a row has.
    Set<String> namesSeen() {
        return seen;
    }

    private void noteAbsent(List<Chunk> chunks, List<List<@Nullable JsonNode>> objects, String where) {
        lacking = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int first = 0;
        for (int i = 0; i < chunks.size(); i++) {
            List<@Nullable JsonNode> ofChunk = objects.get(i);
            IntVector kinds = (IntVector) chunks.get(i).column(ChangeLayout.KIND);
            int rows = namesOf.isEmpty() || rescued < 0
                    ? ofChunk.size()
                    : chunks.get(i).rowCount();
            // Rows that have the same names share their object.
            @Nullable JsonNode last = null;
            @Nullable Set<String> columns = null;
            for (int row = 0; row < rows; row++) {
                if (kinds.get(row) != ChangeLayout.UPSERT && kinds.get(row) != ChangeLayout.INSERT) {
                    continue;
                }
                @Nullable JsonNode object = row < ofChunk.size() ? ofChunk.get(row) : null;
                if (columns == null || !Objects.equals(object, last)) {
                    columns = columnsLacking(absentIn(object), where);
                    last = object;
                }
                for (String name : columns) {
                    lacking.computeIfAbsent(name, _ -> new BitSet()).set(first + row);
                }
            }
            first += chunks.get(i).rowCount();
        }
        if (gone == Gone.FAIL && !lacking.isEmpty()) {
            throw new DataException(
                    "CHANGES_GONE_COLUMN",
                    where + ": changed rows have no field '" + String.join("', '", lacking.keySet())
                            + "', which is among the query's columns: it was dropped or renamed at the source. Take it out of"
                            + " the query's columns, or go on with option(\"goneColumns\", \"keep\"), which makes it null in"
                            + " such rows, or with \"ignore\", which leaves it as it was.");
        }
    }

    /// The names that a row lacks.
    private static Set<String> absentIn(@Nullable JsonNode object) {
        Set<String> absent = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        if (object != null && object.has(ChangeLayout.ABSENT)) {
            object.get(ChangeLayout.ABSENT).forEach(name -> absent.add(name.textValue()));
        }
        return absent;
    }

    /// The columns that a row lacks: those of which it has no name.
    private Set<String> columnsLacking(Set<String> absent, String where) {
        Set<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        columns.addAll(absent);
        namesOf.forEach((column, names) -> {
            List<String> present =
                    names.stream().filter(name -> !absent.contains(name)).toList();
            if (present.size() > 1) {
                throw new DataException(
                        "CHANGES_RENAMED_COLUMN",
                        where + ": a changed row has both '" + present.getFirst() + "' and '" + present.getLast()
                                + "', which renaming(…) calls names of one column. Take renaming(…) out of the query, and"
                                + " name both columns.");
            }
            if (present.contains(column)) {
                seen.add(column);
            }
            if (!present.isEmpty()) {
                columns.remove(column);
            }
        });
        columns.removeIf(name -> schema.indexOf(name).isEmpty());
        return columns;
    }

    private static List<@Nullable JsonNode> parse(FieldVector texts, String where) {
        if (texts.getNullCount() == texts.getValueCount()) {
            return List.of();
        }
        List<@Nullable JsonNode> objects = new ArrayList<>(texts.getValueCount());
        // Rows that lack the same columns, and have no others, have the same text.
        @Nullable Slice last = null;
        @Nullable JsonNode lastObject = null;
        for (int row = 0; row < texts.getValueCount(); row++) {
            Object text = Cell.read(texts, row);
            try {
                if (text != null && !text.equals(last)) {
                    last = (Slice) text;
                    lastObject = JSON.readTree(last.bytes());
                }
                objects.add(text == null ? null : lastObject);
            } catch (JsonProcessingException notJson) {
                throw new DataException(
                        "CHANGES_NEW_COLUMN_VALUE",
                        where + ": a changed row has fields that can't be read: " + text + ".",
                        notJson);
            } catch (java.io.IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return objects;
    }

    private void note(List<List<@Nullable JsonNode>> objects, StructType table, String where) {
        Map<String, DataType> found = new LinkedHashMap<>();
        for (List<@Nullable JsonNode> ofChunk : objects) {
            for (JsonNode object : ofChunk) {
                if (object == null) {
                    continue;
                }
                object.fields().forEachRemaining(field -> {
                    if (!field.getKey().equals(ChangeLayout.ABSENT)
                            && !known.contains(field.getKey())
                            && !columns.containsKey(field.getKey())
                            && !field.getValue().isNull()) {
                        found.merge(field.getKey(), typeOf(field.getValue()), NewColumns::common);
                    }
                });
            }
        }
        found.forEach((name, type) -> {
            if (policy == Policy.REFUSE) {
                throw new DataException(
                        "CHANGES_NEW_COLUMN",
                        where + ": the changed rows have a field '" + name + "' (" + type.simpleString()
                                + ") that is not among the query's columns. With option(\"mergeSchema\", true) the table"
                                + " gets such columns; with option(\"ignoreNewColumns\", true), or without(\"" + name
                                + "\"), they are left out.");
            }
            StructField column = table.fieldList().stream()
                    .filter(field -> field.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElse(new StructField(name, type, true));
            columns.put(name, column);
            inOrder.add(column);
        });
    }

    private static DataType typeOf(JsonNode value) {
        if (value.isBoolean()) {
            return DataTypes.BooleanType;
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return DataTypes.LongType;
        }
        return value.isNumber() ? DataTypes.DoubleType : DataTypes.StringType;
    }

    private static DataType common(DataType a, DataType b) {
        if (a.equals(b)) {
            return a;
        }
        boolean numbers = !a.equals(DataTypes.StringType)
                && !b.equals(DataTypes.StringType)
                && !a.equals(DataTypes.BooleanType)
                && !b.equals(DataTypes.BooleanType);
        return numbers ? DataTypes.DoubleType : DataTypes.StringType;
    }

    private Chunk withColumns(Chunk rows, List<@Nullable JsonNode> objects, String where, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>(rows.columns());
        try {
            for (StructField column : inOrder) {
                FieldVector vector = ArrowTypes.newVector(column.name(), column.dataType(), allocator);
                vectors.add(vector);
                vector.setInitialCapacity(Math.max(1, rows.rowCount()));
                vector.allocateNew();
                for (int row = 0; row < rows.rowCount(); row++) {
                    @Nullable JsonNode object = row < objects.size() ? objects.get(row) : null;
                    Cell.write(
                            vector, row, object == null ? null : cell(valueOf(object, column.name()), column, where));
                }
                vector.setValueCount(rows.rowCount());
            }
        } catch (Throwable failed) {
            Closing.all(vectors);
            throw failed;
        }
        return new Chunk(schema(), vectors, rows.rowCount());
    }

    private static @Nullable JsonNode valueOf(JsonNode object, String name) {
        JsonNode exact = object.get(name);
        if (exact != null) {
            return exact;
        }
        List<JsonNode> found = new ArrayList<>();
        object.fields().forEachRemaining(field -> {
            if (field.getKey().equalsIgnoreCase(name)) {
                found.add(field.getValue());
            }
        });
        return found.isEmpty() ? null : found.getFirst();
    }

    private static @Nullable Object cell(@Nullable JsonNode value, StructField column, String where) {
        if (value == null || value.isNull()) {
            return null;
        }
        @Nullable Object cell = switch (column.dataType()) {
            case StringType _ -> Slice.utf8(value.isTextual() ? value.textValue() : value.toString());
            case BooleanType _ -> value.isBoolean() ? value.booleanValue() : null;
            case LongType _ -> isLong(value, Long.MAX_VALUE) ? value.longValue() : null;
            case IntegerType _ -> isLong(value, Integer.MAX_VALUE) ? value.intValue() : null;
            case ShortType _ -> isLong(value, Short.MAX_VALUE) ? value.shortValue() : null;
            case ByteType _ -> isLong(value, Byte.MAX_VALUE) ? (byte) value.intValue() : null;
            case DoubleType _ -> value.isNumber() ? value.doubleValue() : null;
            case FloatType _ -> value.isNumber() ? value.floatValue() : null;
            case DecimalType decimal -> DecimalValues.of(value, decimal);
            default -> null;
        };
        if (cell == null) {
            throw new DataException(
                    "CHANGES_NEW_COLUMN_VALUE",
                    where + ": the column '" + column.name() + "' is '"
                            + column.dataType().simpleString()
                            + "' in the table, but a changed row has " + value
                            + ", which does not fit. Start the query with this column among those of its rows, as the type"
                            + " that the source has now, or leave it out with without(\"" + column.name() + "\").");
        }
        return cell;
    }

    private static boolean isLong(JsonNode value, long most) {
        return value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() <= most
                && value.longValue() >= -most - 1;
    }
}

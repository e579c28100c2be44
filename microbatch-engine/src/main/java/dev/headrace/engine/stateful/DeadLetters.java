package dev.headrace.engine.stateful;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.LeftOutRows;
import dev.headrace.errors.HeadraceException;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.function.EvalContext;
import dev.headrace.json.JsonFunctions;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of the running batch that an expression has failed for. Thread-safe.
///
/// A row that several results of the query reject, or several branches of one, is one letter: the record would else be
/// replayed as often.
public final class DeadLetters {
    /// The columns of dead letters.
    public static final StructType SCHEMA = LeftOutRows.Kind.REJECTED.schema();

    private static final int FIRST_OF_ROW = 2;
    private static final Map<String, String> OPTIONS = Map.of("ignoreNullFields", "false");

    private final ZoneId zone;
    private final Map<PhysicalPlan, List<List<@Nullable Object>>> rows = new IdentityHashMap<>();

    /// @param zone in which times are written
    public DeadLetters(ZoneId zone) {
        this.zone = zone;
    }

    /// @param by the operator that rejects it
    /// @param chunk has one row, as the failed expression has got it
    void add(Rejecting by, Chunk chunk, HeadraceException error) {
        StructType schema = chunk.schema();
        List<@Nullable Object> cells = new ArrayList<>();
        for (int c = 0; c < schema.size(); c++) {
            cells.add(Cell.detach(Cell.read(chunk.column(c), 0)));
        }
        List<@Nullable Object> letter = new ArrayList<>();
        letter.add(Slice.utf8(error.code()));
        letter.add(Slice.utf8(String.valueOf(error.getMessage())));
        for (int i = FIRST_OF_ROW; i < SCHEMA.size() - 1; i++) {
            letter.add(
                    cell(schema, cells, SCHEMA.field(i).name(), SCHEMA.field(i).dataType()));
        }
        letter.add(JsonFunctions.toJson(new EvalContext(zone, 0, 0), cells, Slice.utf8(schema.json()), OPTIONS));
        synchronized (rows) {
            rows.computeIfAbsent(by, _ -> new ArrayList<>()).add(letter);
        }
    }

    private static @Nullable Object cell(StructType schema, List<@Nullable Object> cells, String name, DataType type) {
        for (int c = 0; c < schema.size(); c++) {
            if (schema.field(c).name().equalsIgnoreCase(name)) {
                DataType given = schema.field(c).dataType();
                boolean text = type.equals(DataTypes.BinaryType) && given.equals(DataTypes.StringType);
                return given.equals(type) || text ? cells.get(c) : null;
            }
        }
        return null;
    }

    /// How many of them an operator has rejected.
    long rejectedBy(Rejecting operator) {
        synchronized (rows) {
            return rows.getOrDefault(operator, List.of()).size();
        }
    }

    /// The rows so far.
    public List<List<@Nullable Object>> rows() {
        synchronized (rows) {
            List<List<@Nullable Object>> all = new ArrayList<>();
            Map<List<@Nullable Object>, Integer> known = new HashMap<>();
            List<Map.Entry<PhysicalPlan, List<List<@Nullable Object>>>> operators = new ArrayList<>(rows.entrySet());
            operators.sort(Comparator.comparing(entry -> entry.getKey().describe()));
            for (Map.Entry<PhysicalPlan, List<List<@Nullable Object>>> operator : operators) {
                Map<List<@Nullable Object>, Integer> here = new HashMap<>();
                for (List<@Nullable Object> letter : operator.getValue()) {
                    List<@Nullable Object> record = recordOf(letter);
                    if (here.merge(record, 1, Integer::sum) > known.getOrDefault(record, 0)) {
                        all.add(letter);
                    }
                }
                here.forEach((record, count) -> known.merge(record, count, Math::max));
            }
            return all;
        }
    }

    /// What tells which record a letter is of: its place in a topic if the letter has it, else the row.
    private static List<@Nullable Object> recordOf(List<@Nullable Object> letter) {
        List<@Nullable Object> place = letter.subList(FIRST_OF_ROW, FIRST_OF_ROW + 3);
        return place.contains(null) ? letter.subList(FIRST_OF_ROW, letter.size()) : place;
    }

    /// Forgets the batch.
    public void reset() {
        synchronized (rows) {
            rows.clear();
        }
    }
}

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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of the running batch that an expression has failed for. Thread-safe.
public final class DeadLetters {
    /// The columns of dead letters.
    public static final StructType SCHEMA = LeftOutRows.Kind.REJECTED.schema();

    private static final int FIRST_OF_ROW = 2;
    private static final Map<String, String> OPTIONS = Map.of("ignoreNullFields", "false");

    private final ZoneId zone;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private final Map<PhysicalPlan, Long> rejected = new IdentityHashMap<>();

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
            rows.add(letter);
            rejected.merge(by, 1L, Long::sum);
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
            return rejected.getOrDefault(operator, 0L);
        }
    }

    /// The rows so far.
    public List<List<@Nullable Object>> rows() {
        synchronized (rows) {
            return List.copyOf(rows);
        }
    }

    /// Forgets the batch.
    public void reset() {
        synchronized (rows) {
            rows.clear();
            rejected.clear();
        }
    }
}

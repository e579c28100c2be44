package dev.headrace.engine.stateful;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.LeftOutRows;
import dev.headrace.function.EvalContext;
import dev.headrace.json.JsonFunctions;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of the running batch that came too late, for who wants them. Thread-safe.
public final class LateRows {
    /// The columns of late rows.
    public static final StructType SCHEMA = LeftOutRows.Kind.LATE.schema();

    private static final Map<String, String> OPTIONS = Map.of("ignoreNullFields", "false");

    private final ZoneId zone;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();

    /// @param zone in which times are written
    public LateRows(ZoneId zone) {
        this.zone = zone;
    }

    /// @param schema the columns of the user's rows, the first ones of the chunk
    /// @param late which rows of the chunk
    /// @param finalAt for each row of the chunk, when what it belongs to is final
    void add(String operator, Chunk chunk, StructType schema, int[] late, long[] finalAt, long watermark) {
        EvalContext context = new EvalContext(zone, 0, 0);
        Slice type = Slice.utf8(schema.json());
        List<List<@Nullable Object>> added = new ArrayList<>();
        for (int index : late) {
            List<@Nullable Object> cells = new ArrayList<>();
            for (int c = 0; c < schema.size(); c++) {
                cells.add(Cell.read(chunk.column(c), index));
            }
            List<@Nullable Object> row = new ArrayList<>();
            row.add(JsonFunctions.toJson(context, cells, type, OPTIONS));
            row.add(Slice.utf8(operator));
            row.add(finalAt[index]);
            row.add(watermark);
            added.add(row);
        }
        synchronized (rows) {
            rows.addAll(added);
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
        }
    }
}

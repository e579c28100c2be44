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
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The rows of the running batch that an expression has failed for. Thread-safe.
///
/// A row that several results of the query reject, or several branches of one, is one letter: the record would else be
/// replayed as often. Rows of different sources are different ones unless their place in a topic says otherwise.
public final class DeadLetters {
    /// The columns of dead letters.
    public static final StructType SCHEMA = LeftOutRows.Kind.REJECTED.schema();

    private static final int FIRST_OF_ROW = 2;
    private static final Map<String, String> OPTIONS = Map.of("ignoreNullFields", "false");

    private final ZoneId zone;
    private final Map<Rejecting, List<List<@Nullable Object>>> rows = new IdentityHashMap<>();

    /// What an operator has rejected.
    ///
    /// @param sources whose rows come to it
    /// @param records how many letters there are of each
    private record Rejected(Set<Integer> sources, Map<List<@Nullable Object>, Integer> records) {}

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
            List<Rejected> before = new ArrayList<>();
            List<Map.Entry<Rejecting, List<List<@Nullable Object>>>> operators = new ArrayList<>(rows.entrySet());
            operators.sort(Comparator.comparing(entry -> entry.getKey().describe()));
            for (Map.Entry<Rejecting, List<List<@Nullable Object>>> operator : operators) {
                Rejected here = new Rejected(sourcesOf(operator.getKey()), new HashMap<>());
                for (List<@Nullable Object> letter : operator.getValue()) {
                    if (here.records().merge(recordOf(letter), 1, Integer::sum) > known(letter, here, before)) {
                        all.add(letter);
                    }
                }
                before.add(here);
            }
            return all;
        }
    }

    private static Set<Integer> sourcesOf(Rejecting operator) {
        return operator.compute().input().all().stream()
                .filter(PhysicalPlan.StreamScan.class::isInstance)
                .map(scan -> ((PhysicalPlan.StreamScan) scan).index())
                .collect(Collectors.toSet());
    }

    /// How many letters of the same record there are from another operator.
    private static int known(List<@Nullable Object> letter, Rejected here, List<Rejected> before) {
        int most = 0;
        for (Rejected other : before) {
            if (hasPlace(letter) || !Collections.disjoint(other.sources(), here.sources())) {
                most = Math.max(most, other.records().getOrDefault(recordOf(letter), 0));
            }
        }
        return most;
    }

    /// What tells which record a letter is of: its place in a topic if the letter has it, else the row.
    private static List<@Nullable Object> recordOf(List<@Nullable Object> letter) {
        return letter.subList(FIRST_OF_ROW, hasPlace(letter) ? FIRST_OF_ROW + 3 : letter.size());
    }

    private static boolean hasPlace(List<@Nullable Object> letter) {
        return !letter.subList(FIRST_OF_ROW, FIRST_OF_ROW + 3).contains(null);
    }

    /// Forgets the batch.
    public void reset() {
        synchronized (rows) {
            rows.clear();
        }
    }
}

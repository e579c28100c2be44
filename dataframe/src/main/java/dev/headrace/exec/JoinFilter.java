package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ColumnRange;
import dev.headrace.connector.Table;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Which values of a key the held side of a join has: told when that side is complete, asked by scans and operators of
/// the other side.
///
/// Scans are told the values if these are few, else their range, before they choose what to read. Rows are looked up in
/// a set of bits over the range; not at all if it is too wide.
final class JoinFilter {
    private static final long MOST_BITS = 1L << 26;

    /// More values than these are told as a range.
    private static final int FEW_VALUES = 64;

    private final int buildKey;
    private boolean looksAtRows;
    private boolean tellsScans;
    private volatile @Nullable Bits bits;
    private volatile @Nullable Known known;

    /// @param buildKey the key's column on the held side
    JoinFilter(int buildKey) {
        this.buildKey = buildKey;
    }

    private record Bits(PackedKeys packing, long[] words) {}

    /// What scans are told.
    private sealed interface Known {
        record Values(DataType type, List<Scalar> values) implements Known {}

        record Range(DataType type, long least, long greatest) implements Known {}
    }

    /// Nothing is known of the held side.
    void letAllPass() {
        bits = null;
        known = null;
    }

    /// Takes in the held side.
    void publish(Chunk rows) {
        letAllPass();
        DataType type = rows.type(buildKey);
        FieldVector keys = rows.column(buildKey);
        if (rows.rowCount() <= FEW_VALUES && (PackedKeys.canPack(type) || type instanceof StringType)) {
            known = values(keys, type, rows.rowCount());
        }
        if (!PackedKeys.canPack(type)) {
            return;
        }
        Optional<PackedKeys> packing = PackedKeys.of(List.of(keys), List.of(type), rows.rowCount());
        if (packing.isEmpty()) {
            return;
        }
        if (known == null) {
            known = new Known.Range(type, packing.get().least(), packing.get().greatest());
        }
        if (looksAtRows && packing.get().size() <= MOST_BITS) {
            bits = bits(packing.get(), List.of(keys), rows);
        }
    }

    private static @Nullable Known values(FieldVector keys, DataType type, int rows) {
        Set<Object> values = new LinkedHashSet<>();
        for (int row = 0; row < rows; row++) {
            Object value = Cell.detach(Cell.read(keys, row));
            if (value != null) {
                values.add(value);
            }
        }
        return values.isEmpty()
                ? null
                : new Known.Values(
                        type,
                        values.stream().map(value -> new Scalar(value, type)).toList());
    }

    private Bits bits(PackedKeys packing, List<FieldVector> column, Chunk rows) {
        DataType type = rows.type(buildKey);
        long[] keys = new long[rows.rowCount()];
        packing.pack(column, List.of(type), rows.rowCount(), keys);
        long[] words = new long[(int) (packing.size() >> 6) + 1];
        for (int from = 0, to; from < keys.length; from = to) {
            to = Cancellation.blockEnd(from, keys.length);
            for (int i = from; i < to; i++) {
                if (keys[i] != PackedKeys.NONE) {
                    words[(int) (keys[i] >> 6)] |= 1L << keys[i];
                }
            }
        }
        return new Bits(packing, words);
    }

    /// What a scan may leave out: a condition that holds for all rows of a table whose key the held side has; empty if
    /// nothing is known, or too little to leave anything out.
    ///
    /// @param ordinal the key's column in the table
    Optional<BoundExpr> condition(Table table, int ordinal) {
        StructField field = table.schema().field(ordinal);
        BoundExpr key = new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
        return switch (known) {
            case null -> Optional.empty();
            case Known.Values(DataType type, List<Scalar> values) ->
                type.equals(field.dataType()) ? Optional.of(new BoundExpr.In(key, values)) : Optional.empty();
            case Known.Range(DataType type, long least, long greatest) ->
                type.equals(field.dataType()) && !holdsMost(table.columnRange(ordinal), type, least, greatest)
                        ? Optional.of(new BoundExpr.And(
                                compare(CompareOp.GREATER_OR_EQUAL, key, least),
                                compare(CompareOp.LESS_OR_EQUAL, key, greatest)))
                        : Optional.empty();
        };
    }

    private static BoundExpr compare(CompareOp op, BoundExpr key, long value) {
        return new BoundExpr.Compare(op, key, new BoundExpr.Literal(new Scalar(cell(value, key.type()), key.type())));
    }

    private static Object cell(long stored, DataType type) {
        return switch (type) {
            case ByteType _ -> (byte) stored;
            case ShortType _ -> (short) stored;
            case IntegerType _, DateType _, YearMonthIntervalType _ -> (int) stored;
            case DecimalType decimal -> BigDecimal.valueOf(stored, decimal.scale());
            default -> stored;
        };
    }

    /// Whether nine tenths of a column's range are between two values: to look at statistics costs more then.
    private static boolean holdsMost(Optional<ColumnRange> column, DataType type, long least, long greatest) {
        double unit = type instanceof DecimalType decimal ? Math.pow(10, -decimal.scale()) : 1;
        return column.map(all -> {
                    double from = Math.max(all.least(), least * unit);
                    double to = Math.min(all.greatest(), greatest * unit);
                    return to - from >= 0.9 * (all.greatest() - all.least());
                })
                .orElse(false);
    }

    /// Rows will be looked at.
    void looksAtRows() {
        looksAtRows = true;
    }

    /// Scans will ask for a condition.
    void tellsScans() {
        tellsScans = true;
    }

    boolean isAsked() {
        return looksAtRows || tellsScans;
    }

    /// Leaves out rows whose key the held side does not have.
    ///
    /// @param column the key's column on this side
    /// @param all what all operators of one place and run have tried
    Operator operator(int column, Tried all, BufferAllocator allocator) {
        return new Filtering(column, all, allocator);
    }

    /// How many rows have been looked up, and how many of them passed.
    static final class Tried {
        /// After so many rows of which more than three quarters passed, the test is given up.
        private static final int ENOUGH = 64 * 1024;

        private final AtomicLong rows = new AtomicLong();
        private final AtomicLong passed = new AtomicLong();

        private void add(int more, int passing) {
            rows.addAndGet(more);
            passed.addAndGet(passing);
        }

        private boolean isInVain() {
            return rows.get() > ENOUGH && mostPassed();
        }

        private boolean mostPassed() {
            return passed.get() > rows.get() / 4 * 3;
        }
    }

    private final class Filtering implements Operator {
        private final int column;
        private final Tried all;
        private final BufferAllocator allocator;
        private final Tried here = new Tried();
        private long[] keys = new long[0];
        private int[] kept = new int[0];

        Filtering(int column, Tried all, BufferAllocator allocator) {
            this.column = column;
            this.all = all;
            this.allocator = allocator;
        }

        /// Parts of a table are small: where it was in vain elsewhere, the first rows of a part are enough.
        private boolean isGivenUp() {
            return here.isInVain() || here.rows.get() > 0 && here.mostPassed() && all.isInVain();
        }

        @Override
        public void process(Chunk input, Output out) {
            Bits set = bits;
            int rows = input.rowCount();
            if (set == null || isGivenUp()) {
                out.accept(input.slice(0, rows));
                return;
            }
            if (keys.length < rows) {
                keys = new long[rows];
                kept = new int[rows];
            }
            set.packing().pack(List.of(input.column(column)), List.of(input.type(column)), rows, keys);
            int count = 0;
            long[] words = set.words();
            for (int i = 0; i < rows; i++) {
                long key = keys[i];
                kept[count] = i;
                if (key != PackedKeys.NONE && (words[(int) (key >> 6)] >>> key & 1) != 0) {
                    count++;
                }
            }
            here.add(rows, count);
            all.add(rows, count);
            if (count == rows) {
                out.accept(input.slice(0, rows));
            } else if (count > 0) {
                out.accept(Columns.gather(input, kept, 0, count, allocator));
            }
        }
    }
}

package dev.headrace.plan;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Table;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A query with names bound and types known: what the optimizer rewrites and the planners turn into operators.
///
/// Expressions refer to the columns of a node's input by ordinal; in a join's condition, the right side's columns
/// follow the left side's. Immutable.
public sealed interface LogicalPlan {
    StructType schema();

    /// Reads a table, or a stream when the table is one.
    ///
    /// @param request what the optimizer has pushed into the scan; its schema is this node's
    record Scan(Table table, ScanRequest request) implements LogicalPlan {
        @Override
        public StructType schema() {
            return request.outputSchema();
        }
    }

    /// Rows given in the program. Each row holds a [dev.headrace.chunk.Cell] object per column.
    record LocalRelation(StructType schema, List<List<@Nullable Object>> rows) implements LogicalPlan {}

    /// The numbers `start`, `start + step` … below `end` (above, for a negative step), as the column `id`.
    record Range(long start, long end, long step, int partitions) implements LogicalPlan {
        private static final StructType SCHEMA = new StructType().add("id", DataTypes.LongType, false);

        @Override
        public StructType schema() {
            return SCHEMA;
        }
    }

    /// The rows for which the predicate is true.
    record Filter(LogicalPlan input, BoundExpr predicate) implements LogicalPlan {
        public Filter {
            if (!(predicate.type() instanceof BooleanType)) {
                throw new IllegalArgumentException("filter by " + predicate.type());
            }
        }

        @Override
        public StructType schema() {
            return input.schema();
        }
    }

    record Project(LogicalPlan input, List<OutputColumn> columns) implements LogicalPlan {
        public Project {
            columns = List.copyOf(columns);
        }

        @Override
        public StructType schema() {
            return schemaOf(columns);
        }
    }

    /// One row per distinct combination of keys, or one row in all without keys: the keys, then the aggregates.
    /// @param firing when a stream's groups come out; absent: as the output mode says
    record Aggregate(LogicalPlan input, List<OutputColumn> keys, List<Aggregation> aggregates, Optional<Firing> firing)
            implements LogicalPlan {
        public Aggregate {
            keys = List.copyOf(keys);
            aggregates = List.copyOf(aggregates);
            keys.forEach(key -> Sorts.checkGroups(key.expr().type(), key.name()));
        }

        public Aggregate(LogicalPlan input, List<OutputColumn> keys, List<Aggregation> aggregates) {
            this(input, keys, aggregates, Optional.empty());
        }

        /// A result column of an aggregate.
        public record Aggregation(String name, AggregateCall call) {
            @Override
            public String toString() {
                return call + " AS " + name;
            }
        }

        @Override
        public StructType schema() {
            StructType schema = schemaOf(keys);
            for (Aggregation aggregation : aggregates) {
                schema = schema.add(new StructField(
                        aggregation.name(),
                        aggregation.call().function().resultType(),
                        aggregation.call().function().nullable()));
            }
            return schema;
        }
    }

    /// @param condition over the left columns followed by the right ones; absent: every pair
    record Join(LogicalPlan left, LogicalPlan right, JoinType type, Optional<BoundExpr> condition)
            implements LogicalPlan {
        @Override
        public StructType schema() {
            return type.leftOnly() ? left.schema() : schemaOf(left.schema(), right.schema(), type);
        }

        /// The columns of the pairs.
        public static StructType schemaOf(StructType left, StructType right, JoinType type) {
            List<StructField> fields = new ArrayList<>();
            boolean leftNullable = type == JoinType.RIGHT_OUTER || type == JoinType.FULL_OUTER;
            boolean rightNullable = type == JoinType.LEFT_OUTER || type == JoinType.FULL_OUTER;
            left.forEach(field -> fields.add(leftNullable ? field.withNullable(true) : field));
            right.forEach(field -> fields.add(rightNullable ? field.withNullable(true) : field));
            return new StructType(fields);
        }
    }

    /// Each left row with the right row that is nearest in time among those for which the condition holds; of several
    /// of the same time the greatest, compared column by column with nulls first, so that it does not matter in which
    /// order rows come. A left row without one comes out with nulls, or not at all.
    ///
    /// @param type inner or left outer
    /// @param condition equalities between the sides, over the left columns followed by the right ones
    record AsOfJoin(LogicalPlan left, LogicalPlan right, JoinType type, Optional<BoundExpr> condition, AsOf asOf)
            implements LogicalPlan {
        public AsOfJoin {
            if (type != JoinType.INNER && type != JoinType.LEFT_OUTER) {
                throw new IllegalArgumentException("as-of join " + type);
            }
        }

        /// The join by the condition alone.
        public Join pairs() {
            return new Join(left, right, type, condition);
        }

        @Override
        public StructType schema() {
            return pairs().schema();
        }
    }

    /// Each row with what something outside gives for its key, whose columns but the key come behind the input's.
    ///
    /// @param keys over the input's columns, of the types of the lookup's keys
    /// @param type inner or left outer
    record LookupJoin(LogicalPlan input, List<BoundExpr> keys, LookupCall lookup, JoinType type)
            implements LogicalPlan {
        public LookupJoin {
            keys = List.copyOf(keys);
        }

        @Override
        public StructType schema() {
            return Join.schemaOf(input.schema(), lookup.valueSchema(), type);
        }
    }

    record Sort(LogicalPlan input, List<SortKey> keys) implements LogicalPlan {
        public Sort {
            keys = List.copyOf(keys);
        }

        @Override
        public StructType schema() {
            return input.schema();
        }
    }

    /// Skips `offset` rows, then gives at most `count`.
    record Limit(LogicalPlan input, long count, long offset) implements LogicalPlan {
        @Override
        public StructType schema() {
            return input.schema();
        }
    }

    /// All rows of all inputs, duplicates included; the inputs have the same types. Names are the first one's.
    record Union(List<LogicalPlan> inputs) implements LogicalPlan {
        public Union {
            inputs = List.copyOf(inputs);
        }

        @Override
        public StructType schema() {
            // once each: a union of unions asks for as many as there are, and not for a power of them
            List<StructType> schemas = inputs.stream().map(LogicalPlan::schema).toList();
            List<StructField> fields = new ArrayList<>();
            for (int i = 0; i < schemas.getFirst().size(); i++) {
                int ordinal = i;
                boolean nullable = schemas.stream()
                        .anyMatch(schema -> schema.field(ordinal).nullable());
                fields.add(schemas.getFirst().field(i).withNullable(nullable));
            }
            return new StructType(fields);
        }
    }

    /// Each input row once per element of an array or entry of a map, its columns followed by the position (if asked
    /// for) and the element (for a map: key and value).
    ///
    /// @param outer whether a row whose collection is null or empty comes out once, with nulls
    record Explode(LogicalPlan input, BoundExpr collection, boolean outer, boolean withPosition, List<String> names)
            implements LogicalPlan {
        public Explode {
            names = List.copyOf(names);
        }

        @Override
        public StructType schema() {
            List<StructField> fields = new ArrayList<>(input.schema().fieldList());
            int name = 0;
            if (withPosition) {
                fields.add(new StructField(names.get(name++), DataTypes.IntegerType, outer));
            }
            switch (collection.type()) {
                case ArrayType(DataType element, boolean containsNull) ->
                    fields.add(new StructField(names.get(name), element, outer || containsNull));
                case MapType(DataType key, DataType value, boolean valueContainsNull) -> {
                    fields.add(new StructField(names.get(name++), key, outer));
                    fields.add(new StructField(names.get(name), value, outer || valueContainsNull));
                }
                default -> throw new IllegalArgumentException("explode of " + collection.type());
            }
            return new StructType(fields);
        }
    }

    /// The first row for each combination of the columns `keys`.
    ///
    /// @param withinWatermark whether a key is forgotten when the watermark passes (`dropDuplicatesWithinWatermark`)
    record Deduplicate(LogicalPlan input, List<Integer> keys, boolean withinWatermark) implements LogicalPlan {
        public Deduplicate {
            keys = List.copyOf(keys);
            for (int key : keys) {
                StructField column = input.schema().field(key);
                Sorts.checkGroups(column.dataType(), column.name());
            }
        }

        @Override
        public StructType schema() {
            return input.schema();
        }
    }

    /// The input's columns, and behind them what window functions give for each row.
    ///
    /// @param partition rows with equal values are one partition
    /// @param order of the rows within a partition
    record Window(LogicalPlan input, List<BoundExpr> partition, List<SortKey> order, List<Column> columns)
            implements LogicalPlan {
        public Window {
            partition = List.copyOf(partition);
            partition.forEach(key -> Sorts.checkPartition(key.type(), key.text()));
            order = List.copyOf(order);
            columns = List.copyOf(columns);
        }

        /// One function's results.
        public record Column(String name, WindowCall call) {
            @Override
            public String toString() {
                return call + " AS " + name;
            }
        }

        @Override
        public StructType schema() {
            List<StructField> fields = new ArrayList<>(input.schema().fieldList());
            for (Column column : columns) {
                WindowFunction function = column.call().function();
                fields.add(new StructField(column.name(), function.type(), function.nullable()));
            }
            return new StructType(fields);
        }
    }

    /// What a function of the program makes of the rows of each key.
    ///
    /// @param inputs one, or two for functions of two inputs, or of one and what their state begins with
    record MapGroups(List<LogicalPlan> inputs, GroupCall call) implements LogicalPlan {
        public MapGroups {
            inputs = List.copyOf(inputs);
        }

        @Override
        public StructType schema() {
            return call.outputSchema();
        }
    }

    /// Declares a column to be the event time, rows of which come at most `delayMicros` out of order.
    record Watermark(LogicalPlan input, int column, long delayMicros) implements LogicalPlan {
        @Override
        public StructType schema() {
            return input.schema();
        }
    }

    /// Declares that a stream may leave out rows when more than `mostWaiting` of them wait to be read: all but the rows
    /// of a share `kept` of the keys. Batch queries leave out nothing.
    ///
    /// @param key the hash of a row's key, a bigint that is never null
    /// @param kept at least 0 and less than 1
    record Shed(LogicalPlan input, BoundExpr key, long mostWaiting, double kept) implements LogicalPlan {
        @Override
        public StructType schema() {
            return input.schema();
        }

        /// Whether a row stays when this share of the keys is kept. A key that stays with a share stays with each
        /// larger one.
        public BoundExpr stays(double share) {
            return new BoundExpr.Compare(CompareOp.LESS, key, new BoundExpr.Literal(Scalar.of(end(share))));
        }

        /// The hashes less than this are those of a share of the keys.
        public static long end(double share) {
            return Math.round(share * 0x1p64 - 0x1p63);
        }
    }

    /// The rows as they are, over which aggregates are computed as they pass, for an observer.
    ///
    /// @param aggregates none of them distinct
    /// @param results over the aggregates' values
    record Observe(
            LogicalPlan input, List<Aggregate.Aggregation> aggregates, List<OutputColumn> results, Observer observer)
            implements LogicalPlan {
        public Observe {
            aggregates = List.copyOf(aggregates);
            results = List.copyOf(results);
        }

        @Override
        public StructType schema() {
            return input.schema();
        }
    }

    default List<LogicalPlan> inputs() {
        List<LogicalPlan> inputs = new ArrayList<>();
        mapInputs(input -> {
            inputs.add(input);
            return input;
        });
        return inputs;
    }

    /// The files that are read, as URIs.
    default List<String> inputFiles() {
        return this instanceof Scan scan
                ? scan.table().inputFiles()
                : inputs().stream()
                        .flatMap(input -> input.inputFiles().stream())
                        .toList();
    }

    /// This node with each input replaced.
    default LogicalPlan mapInputs(UnaryOperator<LogicalPlan> f) {
        return switch (this) {
            case Scan _, LocalRelation _, Range _ -> this;
            case Filter(LogicalPlan input, BoundExpr predicate) -> new Filter(f.apply(input), predicate);
            case Project(LogicalPlan input, List<OutputColumn> columns) -> new Project(f.apply(input), columns);
            case Aggregate(
                    LogicalPlan input,
                    List<OutputColumn> keys,
                    List<Aggregate.Aggregation> aggregates,
                    Optional<Firing> firing) -> new Aggregate(f.apply(input), keys, aggregates, firing);
            case Join(LogicalPlan left, LogicalPlan right, JoinType type, Optional<BoundExpr> condition) ->
                new Join(f.apply(left), f.apply(right), type, condition);
            case AsOfJoin(
                    LogicalPlan left,
                    LogicalPlan right,
                    JoinType type,
                    Optional<BoundExpr> condition,
                    AsOf asOf) -> new AsOfJoin(f.apply(left), f.apply(right), type, condition, asOf);
            case LookupJoin(LogicalPlan input, List<BoundExpr> keys, LookupCall lookup, JoinType type) ->
                new LookupJoin(f.apply(input), keys, lookup, type);
            case Sort(LogicalPlan input, List<SortKey> keys) -> new Sort(f.apply(input), keys);
            case Limit(LogicalPlan input, long count, long offset) -> new Limit(f.apply(input), count, offset);
            case Union(List<LogicalPlan> inputs) ->
                new Union(inputs.stream().map(f).toList());
            case Explode(
                    LogicalPlan input,
                    BoundExpr collection,
                    boolean outer,
                    boolean position,
                    List<String> names) -> new Explode(f.apply(input), collection, outer, position, names);
            case Deduplicate(LogicalPlan input, List<Integer> keys, boolean within) ->
                new Deduplicate(f.apply(input), keys, within);
            case Window(
                    LogicalPlan input,
                    List<BoundExpr> partition,
                    List<SortKey> order,
                    List<Window.Column> columns) -> new Window(f.apply(input), partition, order, columns);
            case Watermark(LogicalPlan input, int column, long delay) -> new Watermark(f.apply(input), column, delay);
            case Shed(LogicalPlan input, BoundExpr key, long mostWaiting, double kept) ->
                new Shed(f.apply(input), key, mostWaiting, kept);
            case Observe(
                    LogicalPlan input,
                    List<Aggregate.Aggregation> aggregates,
                    List<OutputColumn> results,
                    Observer observer) -> new Observe(f.apply(input), aggregates, results, observer);
            case MapGroups(List<LogicalPlan> inputs, GroupCall call) ->
                new MapGroups(inputs.stream().map(f).toList(), call);
        };
    }

    /// Whether computing it again gives the same rows, if its tables have not changed.
    default boolean deterministic() {
        return !(this instanceof MapGroups)
                && !(this instanceof LookupJoin)
                && PlanExpressions.of(this).stream().allMatch(BoundExpr::deterministic)
                && inputs().stream().allMatch(LogicalPlan::deterministic);
    }

    /// Whether a stream is read somewhere below.
    default boolean isStreaming() {
        return this instanceof Scan scan && scan.table().isStreaming()
                || inputs().stream().anyMatch(LogicalPlan::isStreaming);
    }

    private static StructType schemaOf(List<OutputColumn> columns) {
        return new StructType(columns.stream().map(OutputColumn::field).toList());
    }
}

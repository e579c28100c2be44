package dev.headrace;

import static dev.headrace.functions.coalesce;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.explode_outer;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.not;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.upper;
import static dev.headrace.functions.when;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.exec.BatchQuery;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.PlanText;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.types.DataType;
import dev.headrace.types.LongType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random queries give the same rows whether they are optimized or not. A failure prints its seed.
class OptimizerEquivalenceTest {
    private static final int QUERIES = 60;
    private static final StructType SCHEMA = StructType.fromDDL(
            "a bigint, b string, s struct<x: bigint, y: struct<p: bigint, q: string>>, tags array<string>, j string");

    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void optimizedQueriesGiveTheSameRows(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < QUERIES; i++) {
            DataFrame query = new Generator(random).query();
            LogicalPlan plan = query.resolved().plan();
            LogicalPlan optimized = Optimizer.optimize(plan, ZoneOffset.UTC);
            assertEquals(
                    rows(plan),
                    rows(optimized),
                    () -> "seed " + seed + "\n" + PlanText.of(plan) + PlanText.of(optimized));
            assertEquals(plan.schema().names(), optimized.schema().names());
            assertEquals(optimized, Optimizer.optimize(optimized, ZoneOffset.UTC), "a fixed point");
        }
    }

    private List<String> rows(LogicalPlan plan) {
        List<String> rows = new ArrayList<>();
        try (ChunkReader reader = BatchQuery.plan(plan, session.runtime()).run()) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                try (Chunk current = chunk) {
                    for (int row = 0; row < current.rowCount(); row++) {
                        rows.add(Execution.cells(current, row).toString());
                    }
                }
            }
        }
        rows.sort(null);
        return rows;
    }

    /// Makes random queries whose rows are determined by the data.
    private final class Generator {
        private final Random random;
        private int names;

        Generator(Random random) {
            this.random = random;
        }

        DataFrame query() {
            DataFrame frame = table();
            for (int steps = 2 + random.nextInt(6); steps > 0; steps--) {
                frame = step(frame);
            }
            return frame;
        }

        private DataFrame table() {
            List<Row> rows = new ArrayList<>();
            for (int n = random.nextInt(40); n > 0; n--) {
                Row inner = RowFactory.create(maybe(number()), maybe(text()));
                Row outer = RowFactory.create(maybe(number()), maybe(inner));
                rows.add(RowFactory.create(
                        maybe(number()),
                        maybe(text()),
                        maybe(outer),
                        maybe(Arrays.asList(text(), maybe(text()))),
                        maybe(json())));
            }
            RowTable table = RowTable.of("t" + names++, SCHEMA, rows);
            return uniquelyNamed(DataFrame.of(session, new NamedPlan.Read(table, "rows")));
        }

        private DataFrame uniquelyNamed(DataFrame frame) {
            return frame.toDF(
                    Arrays.stream(frame.columns()).map(name -> name() + name).toArray(String[]::new));
        }

        private String name() {
            return "n" + names++ + "_";
        }

        private Object maybe(Object value) {
            return random.nextInt(7) == 0 ? null : value;
        }

        private Object number() {
            return (long) random.nextInt(5);
        }

        private Object text() {
            return String.valueOf((char) ('a' + random.nextInt(3)));
        }

        private Object json() {
            return List.of("{\"x\": 1, \"z\": \"a\"}", "{\"z\": \"b\", \"y\": [2]}", "{\"x\": \"no\"", "3", "")
                    .get(random.nextInt(5));
        }

        private DataFrame step(DataFrame frame) {
            return switch (random.nextInt(13)) {
                case 0, 1 -> frame.filter(condition(frame, 2));
                case 2, 3, 4 -> select(frame);
                case 5 -> frame.withColumn(name(), anyNumber(frame));
                case 6 -> aggregate(frame);
                case 7, 8 -> join(frame);
                case 9 -> frame.union(frame.filter(condition(frame, 1)));
                case 10 -> frame.distinct();
                case 11 -> explode(frame);
                default ->
                    frame.orderBy(Arrays.stream(frame.columns())
                                    .map(functions::col)
                                    .toArray(Column[]::new))
                            .limit(random.nextInt(10));
            };
        }

        private DataFrame select(DataFrame frame) {
            List<Column> columns = new ArrayList<>();
            for (String column : frame.columns()) {
                if (random.nextInt(3) > 0) {
                    columns.add(col(column).as(name() + column));
                }
            }
            columns.add(anyNumber(frame).as(name() + "c"));
            if (random.nextBoolean()) {
                columns.add(
                        struct(anyNumber(frame).as("u"), anyText(frame).as("v")).as(name() + "st"));
            }
            for (String column : frame.columns()) {
                if (column.endsWith("j")) {
                    columns.add(from_json(col(column), "x bigint, z string, u boolean")
                            .as(name() + "json"));
                }
            }
            return frame.select(columns.toArray(Column[]::new));
        }

        private DataFrame aggregate(DataFrame frame) {
            Column key = random.nextBoolean() ? anyText(frame) : anyNumber(frame);
            return frame.groupBy(key.as(name() + "k"))
                    .agg(
                            sum(anyNumber(frame)).as(name() + "sum"),
                            max(anyText(frame)).as(name() + "max"),
                            count("*").plus(1).as(name() + "n"));
        }

        private DataFrame join(DataFrame left) {
            DataFrame right = table();
            if (random.nextBoolean()) {
                right = right.filter(condition(right, 1));
            }
            String type =
                    List.of("inner", "left", "right", "full", "semi", "anti").get(random.nextInt(6));
            Column on = anyNumber(left).equalTo(anyNumber(right));
            if (random.nextBoolean()) {
                on = on.and(random.nextBoolean() ? condition(left, 1) : condition(right, 1));
            }
            return left.join(right, on, type);
        }

        private DataFrame explode(DataFrame frame) {
            for (StructField field : frame.schema()) {
                if (field.dataType() instanceof dev.headrace.types.ArrayType) {
                    return frame.withColumn(name() + "e", explode_outer(col(field.name())));
                }
            }
            return frame;
        }

        private Column condition(DataFrame frame, int depth) {
            return switch (random.nextInt(depth > 0 ? 9 : 6)) {
                case 0 -> anyNumber(frame).gt(anyNumber(frame));
                case 1 -> anyText(frame).equalTo(text());
                case 2 -> anyNumber(frame).isNotNull();
                case 3 -> anyText(frame).isin(text(), text());
                case 4 -> anyNumber(frame).eqNullSafe(number());
                case 5 -> lit(random.nextInt(6) > 0);
                case 6 -> condition(frame, depth - 1).and(condition(frame, depth - 1));
                case 7 -> condition(frame, depth - 1).or(condition(frame, depth - 1));
                default -> not(condition(frame, depth - 1));
            };
        }

        private Column anyNumber(DataFrame frame) {
            List<Column> numbers = leaves(frame, LongType.class);
            Column one = numbers.isEmpty() ? lit(number()) : numbers.get(random.nextInt(numbers.size()));
            return switch (random.nextInt(5)) {
                case 0 -> one.plus(lit(1L));
                case 1 -> coalesce(one, lit(number()));
                case 2 -> when(one.gt(2), one).otherwise(lit(7L));
                default -> one;
            };
        }

        private Column anyText(DataFrame frame) {
            List<Column> texts = leaves(frame, StringType.class);
            Column one = texts.isEmpty() ? lit(text()) : texts.get(random.nextInt(texts.size()));
            return random.nextInt(3) == 0 ? upper(one) : one;
        }

        private List<Column> leaves(DataFrame frame, Class<? extends DataType> type) {
            List<Column> leaves = new ArrayList<>();
            frame.schema().forEach(field -> collect(frame.col(field.name()), field.dataType(), type, leaves));
            return leaves;
        }

        private void collect(Column column, DataType type, Class<? extends DataType> wanted, List<Column> leaves) {
            if (wanted.isInstance(type)) {
                leaves.add(column);
            } else if (type instanceof StructType struct) {
                struct.forEach(field -> collect(column.getField(field.name()), field.dataType(), wanted, leaves));
            }
        }
    }
}

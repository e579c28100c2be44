package dev.headrace.codegen;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.exec.InterpretedProgram;
import dev.headrace.function.EvalContext;
import dev.headrace.function.TimeWindow;
import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/// Prints what a row costs, in nanoseconds of the thread's processor time, generated and interpreted: the best of
/// several rounds over one chunk. Processor time, because it hardly depends on what else the machine does.
///
/// Run it as a program: `ComputeThroughput [rounds]`.
final class ComputeThroughput {
    private static final int PASSES = 200;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.IntegerType)
            .add("price", DataTypes.DoubleType)
            .add("discount", DataTypes.DoubleType)
            .add("name", DataTypes.StringType)
            .add("time", DataTypes.TimestampType)
            .add("digits", DataTypes.StringType);

    private final BufferAllocator allocator;
    private final int rounds;

    private record Program(Optional<BoundExpr> predicate, List<BoundExpr> outputs) {
        StructType schema() {
            List<StructField> fields = new ArrayList<>();
            for (BoundExpr output : outputs) {
                fields.add(new StructField("o" + fields.size(), output.type(), true));
            }
            return new StructType(fields);
        }
    }

    private ComputeThroughput(BufferAllocator allocator, int rounds) {
        this.allocator = allocator;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        try (BufferAllocator allocator = new RootAllocator()) {
            ComputeThroughput figures = new ComputeThroughput(allocator, rounds);
            try (Chunk dense = figures.chunk(0);
                    Chunk sparse = figures.chunk(10)) {
                System.out.printf("%-34s %10s %12s %12s%n", "ns per row", "no nulls", "10 % nulls", "interpreted");
                programs().forEach((name, program) -> {
                    ComputeProgram generated =
                            CompiledProgram.compile(program.predicate(), program.outputs(), program.schema());
                    ComputeProgram interpreted =
                            new InterpretedProgram(program.predicate(), program.outputs(), program.schema());
                    System.out.printf(
                            "%-34s %10.2f %12.2f %12.1f%n",
                            name,
                            figures.nanosPerRow(generated, dense, PASSES),
                            figures.nanosPerRow(generated, sparse, PASSES),
                            figures.nanosPerRow(interpreted, dense, PASSES / 20));
                });
            }
        }
    }

    private static Map<String, Program> programs() {
        BoundExpr id = column(0);
        BoundExpr price = column(1);
        BoundExpr discount = column(2);
        BoundExpr name = column(3);
        BoundExpr time = column(4);
        BoundExpr digits = column(5);
        BoundExpr half = new BoundExpr.Compare(CompareOp.LESS, id, literal(500));
        BoundExpr few = new BoundExpr.Compare(CompareOp.LESS, id, literal(50));
        BoundExpr net = arithmetic(
                ArithmeticOp.MULTIPLY,
                price,
                arithmetic(ArithmeticOp.SUBTRACT, new BoundExpr.Literal(Scalar.of(1.0)), discount));
        Map<String, Program> programs = new LinkedHashMap<>();
        programs.put("project price*(1-discount)", program(null, net));
        programs.put("filter 5 %, project double", program(few, net));
        programs.put("filter 50 %, project double", program(half, net));
        programs.put("filter 50 %, pass 6 columns", program(half, id, price, discount, name, time, digits));
        programs.put(
                "filter name = 'name7', pass id",
                program(new BoundExpr.Compare(CompareOp.EQUAL, name, new BoundExpr.Literal(Scalar.of("name7"))), id));
        programs.put(
                "cast int to double, add",
                program(null, arithmetic(ArithmeticOp.ADD, cast(id, DataTypes.DoubleType), price)));
        programs.put("cast string to bigint", program(null, cast(digits, DataTypes.LongType)));
        programs.put("cast int to string", program(null, cast(id, DataTypes.StringType)));
        programs.put("window struct, pass price", program(null, TimeWindow.tumbling(time, 60_000_000, 0), price));
        return programs;
    }

    private static Program program(@Nullable BoundExpr predicate, BoundExpr... outputs) {
        return new Program(Optional.ofNullable(predicate), List.of(outputs));
    }

    private static BoundExpr column(int ordinal) {
        StructField field = SCHEMA.field(ordinal);
        return new BoundExpr.Column(ordinal, field.name(), field.dataType(), true);
    }

    private static BoundExpr literal(int value) {
        return new BoundExpr.Literal(Scalar.of(value));
    }

    private static BoundExpr cast(BoundExpr input, DataType type) {
        return new BoundExpr.Cast(input, type, CastFailure.ERROR);
    }

    private static BoundExpr arithmetic(ArithmeticOp op, BoundExpr left, BoundExpr right) {
        return new BoundExpr.Arithmetic(op, left, right, left.type(), CastFailure.ERROR);
    }

    private Chunk chunk(int percentNull) {
        Random random = new Random(42);
        try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, allocator)) {
            for (int row = 0; row < Chunk.TARGET_ROWS; row++) {
                int id = random.nextInt(1000);
                List<@Nullable Object> values = new ArrayList<>(List.of(
                        id,
                        random.nextDouble() * 100,
                        random.nextDouble(),
                        Slice.utf8("name" + id % 20),
                        1_700_000_000_000_000L + random.nextInt(1_000_000_000),
                        Slice.utf8(Integer.toString(random.nextInt(1_000_000)))));
                values.replaceAll(value -> random.nextInt(100) < percentNull ? null : value);
                builder.add(values);
            }
            return builder.build();
        }
    }

    private double nanosPerRow(ComputeProgram program, Chunk chunk, int passes) {
        double best = Double.MAX_VALUE;
        EvalContext context = new EvalContext(ZoneOffset.UTC, 0, 0);
        try (ComputeProgram.Worker worker = program.start(context, allocator)) {
            for (int round = 0; round < rounds; round++) {
                long start = THREADS.getCurrentThreadCpuTime();
                for (int pass = 0; pass < passes; pass++) {
                    worker.run(chunk).close();
                }
                best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / (double) passes / chunk.rowCount());
            }
        }
        return best;
    }
}

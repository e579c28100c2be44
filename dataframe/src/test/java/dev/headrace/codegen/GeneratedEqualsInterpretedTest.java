package dev.headrace.codegen;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Chunk;
import dev.headrace.exec.InterpretedProgram;
import dev.headrace.function.EvalContext;
import dev.headrace.function.RandomExpressions;
import dev.headrace.function.RandomValues;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/// Generated code gives what the interpreter gives: the same rows, or the same error.
class GeneratedEqualsInterpretedTest {
    private static final int PROGRAMS = Integer.getInteger("headrace.random.programs", 150);
    private static final long FIRST_SEED = Long.getLong("headrace.random.seed", 0);
    private static final int ROWS_ALONE = 8;

    @Test
    void randomProgramsGiveTheSameRowsOrTheSameError() {
        List<AssertionError> failures = new ArrayList<>();
        int succeeded = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
            try {
                succeeded += new Trial(seed).run();
            } catch (AssertionError failure) {
                failures.add(failure);
            }
        }
        assertAll(failures.stream().limit(5).map(failure -> () -> {
            throw failure;
        }));
        assertTrue(succeeded > PROGRAMS / 10, succeeded + " programs gave rows");
    }

    /// One random program over random chunks.
    private static final class Trial {
        private final long seed;
        private final Random random;
        private final RandomValues values;
        private final StructType schema;
        private final Optional<BoundExpr> predicate;
        private final List<BoundExpr> outputs = new ArrayList<>();
        private final StructType outputSchema;

        Trial(long seed) {
            this.seed = seed;
            random = new Random(seed);
            values = new RandomValues(seed);
            schema = random.nextInt(3) == 0 ? withoutNulls(values.schema()) : values.schema();
            RandomExpressions expressions = new RandomExpressions(values, schema);
            int depth = 1 + random.nextInt(4);
            predicate = random.nextBoolean() ? Optional.of(expressions.predicate(depth)) : Optional.empty();
            List<StructField> fields = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                BoundExpr output = expressions.expression(depth);
                outputs.add(output);
                fields.add(new StructField("o" + i, output.type(), output.nullable()));
            }
            outputSchema = new StructType(fields);
        }

        private static StructType withoutNulls(StructType schema) {
            return new StructType(schema.fieldList().stream()
                    .map(field -> new StructField(field.name(), field.dataType(), false))
                    .toList());
        }

        /// 1 if the program gave rows, 0 if it failed.
        int run() {
            ComputeProgram generated;
            try {
                generated = CompiledProgram.compile(predicate, outputs, outputSchema);
            } catch (RuntimeException rejected) {
                throw new AssertionError("seed " + seed + ": " + this, rejected);
            }
            ComputeProgram interpreted = new InterpretedProgram(predicate, outputs, outputSchema);
            try (BufferAllocator allocator = new RootAllocator()) {
                try (Chunk chunk = values.chunk(schema, random.nextInt(60), allocator)) {
                    for (int row = 0; row < Math.min(ROWS_ALONE, chunk.rowCount()); row++) {
                        try (Chunk alone = chunk.slice(row, 1)) {
                            assertEquals(
                                    outcome(interpreted, alone, allocator),
                                    outcome(generated, alone, allocator),
                                    where(" row " + row, generated));
                        }
                    }
                    return compareAll(interpreted, generated, chunk, allocator);
                }
            }
        }

        private int compareAll(
                ComputeProgram interpreted, ComputeProgram generated, Chunk chunk, BufferAllocator allocator) {
            Outcome expected = outcome(interpreted, chunk, allocator);
            Outcome actual = outcome(generated, chunk, allocator);
            if (expected instanceof Outcome.Failed) {
                assertEquals(Outcome.Failed.class, actual.getClass(), where("", generated));
                return 0;
            }
            assertEquals(expected, actual, where("", generated));
            int from = random.nextInt(chunk.rowCount() + 1);
            try (Chunk part = chunk.slice(from, random.nextInt(chunk.rowCount() - from + 1))) {
                assertEquals(
                        outcome(interpreted, part, allocator),
                        outcome(generated, part, allocator),
                        where(" from row " + from, generated));
            }
            return 1;
        }

        private Outcome outcome(ComputeProgram program, Chunk chunk, BufferAllocator allocator) {
            EvalContext context = new EvalContext(ZoneId.of("Europe/Berlin"), 1_700_000_000_000_000L, 1);
            try {
                return Outcome.of(program, chunk, context, allocator);
            } catch (RuntimeException | LinkageError bug) {
                throw new AssertionError(where("", program), bug);
            }
        }

        private String where(String place, ComputeProgram program) {
            return "seed " + seed + place + ": " + this + "\n" + program.source();
        }

        @Override
        public String toString() {
            return outputs + predicate.map(p -> " where " + p).orElse("");
        }
    }
}

package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.errors.DataException;
import dev.headrace.function.Interpreter;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.NullType;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Any expression over any data gives a value of its type, or an error that is the data's.
class RandomExpressionsTest {
    private static final int EXPRESSIONS = 1_000;
    private static final int ROWS = 20;

    @Test
    void anExpressionGivesAValueOfItsTypeOrAnErrorOfTheData() {
        int valued = 0;
        List<AssertionError> failures = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            for (long seed = 0; seed < EXPRESSIONS; seed++) {
                try {
                    valued += check(seed, allocator);
                } catch (AssertionError failure) {
                    failures.add(failure);
                }
            }
        }
        assertAll(failures.stream().limit(10).map(failure -> () -> {
            throw failure;
        }));
        assertTrue(valued > EXPRESSIONS * ROWS / 4, valued + " values");
    }

    private static int check(long seed, BufferAllocator allocator) {
        RandomValues values = new RandomValues(seed);
        StructType schema = values.schema();
        BoundExpr expr = new RandomExpressions(values, schema).expression(4);
        EvalContext context = new EvalContext(ZoneId.of("Europe/Berlin"), 1_700_000_000_000_000L, 1);
        int valued = 0;
        try (Chunk chunk = values.chunk(schema, ROWS, allocator)) {
            for (int i = 0; i < ROWS; i++) {
                int row = i;
                try {
                    Object value =
                            Interpreter.evaluate(expr, ordinal -> Cell.read(chunk.column(ordinal), row), context);
                    checkValue(value, expr, "seed " + seed + ", row " + row + ": " + expr);
                    valued++;
                } catch (DataException ofTheData) {
                    assertNotNull(ofTheData.code());
                } catch (RuntimeException | AssertionError bug) {
                    throw new AssertionError("seed " + seed + ", row " + row + ": " + expr, bug);
                }
            }
        }
        return valued;
    }

    private static void checkValue(@Nullable Object value, BoundExpr expr, String where) {
        if (value == null) {
            assertTrue(expr.nullable(), where + " is null");
            return;
        }
        DataType type = expr.type();
        assertTrue(!(type instanceof NullType), where);
        Class<?> wanted = boxed(ScalarBinder.javaClass(type));
        assertTrue(wanted.isInstance(value), where + " is a " + value.getClass() + ", not of type " + type);
        if (type instanceof DecimalType(int precision, int scale)) {
            assertEquals(scale, ((BigDecimal) value).scale(), where);
            assertTrue(((BigDecimal) value).precision() <= precision, where + " is " + value);
        }
    }

    private static Class<?> boxed(Class<?> type) {
        return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
    }
}

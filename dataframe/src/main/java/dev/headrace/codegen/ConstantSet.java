package dev.headrace.codegen;

import dev.headrace.chunk.Slice;
import dev.headrace.function.CellOrder;
import dev.headrace.plan.Scalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The constants of an `IN`, without nulls.
final class ConstantSet {
    /// Up to so many strings are compared one by one.
    private static final int FEW = 8;

    private final long[] numbers;
    /// All constants, if they are a few strings.
    private Slice[] slices = new Slice[0];

    private final Set<Object> objects = new HashSet<>();
    private final List<Object> nested = new ArrayList<>();
    private final String text;

    private ConstantSet(long[] numbers, String text) {
        this.numbers = numbers;
        this.text = text;
    }

    static ConstantSet of(List<Scalar> constants) {
        List<Object> values = new ArrayList<>();
        for (Scalar constant : constants) {
            Object value = constant.value();
            if (value != null) {
                values.add(key(value));
            }
        }
        ConstantSet set = new ConstantSet(
                values.stream()
                        .filter(Long.class::isInstance)
                        .mapToLong(Long.class::cast)
                        .sorted()
                        .toArray(),
                constants.toString());
        for (Object value : values) {
            if (value instanceof List) {
                set.nested.add(value);
            } else if (!(value instanceof Long)) {
                set.objects.add(value);
            }
        }
        if (set.objects.size() <= FEW && set.objects.stream().allMatch(Slice.class::isInstance)) {
            set.slices = set.objects.toArray(Slice[]::new);
        }
        return set;
    }

    /// Equal for values that SQL takes for equal.
    private static Object key(Object value) {
        return switch (value) {
            case Byte b -> b.longValue();
            case Short s -> s.longValue();
            case Integer i -> i.longValue();
            case Float f -> key(f.doubleValue());
            case Double d -> d == 0 ? (Object) 0.0 : d;
            case BigDecimal d -> d.stripTrailingZeros();
            default -> value;
        };
    }

    boolean contains(long value) {
        return Arrays.binarySearch(numbers, value) >= 0;
    }

    boolean contains(Object value) {
        if (value instanceof List) {
            return containsNested(value);
        }
        return value instanceof Slice slice && slices.length > 0 ? containsSlice(slice) : objects.contains(key(value));
    }

    /// Compares with a few constants one by one, which is cheaper than a hash of the value.
    private boolean containsSlice(Slice value) {
        for (Slice constant : slices) {
            if (constant.contentEquals(value)) {
                return true;
            }
        }
        return false;
    }

    private boolean containsNested(Object value) {
        for (Object constant : nested) {
            if (CellOrder.equalCells(value, constant)) {
                return true;
            }
        }
        return false;
    }

    /// By the constants' text: enough for two fields with equal constants to be one.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConstantSet that
                && Arrays.equals(numbers, that.numbers)
                && objects.equals(that.objects)
                && nested.equals(that.nested);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

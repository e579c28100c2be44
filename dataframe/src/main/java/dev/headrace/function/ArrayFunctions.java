package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Functions of arrays. Two elements are equal as [CellOrder] says, and null equals null where elements are counted
/// once.
public final class ArrayFunctions {
    private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 15;

    private ArrayFunctions() {}

    /// The fields of a struct as elements.
    public static List<? extends @Nullable Object> make(List<? extends @Nullable Object> elements) {
        return elements;
    }

    public static int size(List<?> array) {
        return array.size();
    }

    /// `a[i]`, from 0.
    public static @Nullable Object getItem(List<?> array, int index) {
        if (index < 0 || index >= array.size()) {
            throw new DataException(
                    "INVALID_ARRAY_INDEX",
                    "The index " + index + " is out of bounds: the array has " + array.size()
                            + " elements, counted from 0. Use get to get NULL instead.");
        }
        return array.get(index);
    }

    public static @Nullable Object get(List<?> array, int index) {
        return index < 0 || index >= array.size() ? null : array.get(index);
    }

    public static @Nullable Object elementAt(List<?> array, int index) {
        if (index == 0 || Math.abs((long) index) > array.size()) {
            throw new DataException(
                    index == 0 ? "INVALID_INDEX_OF_ZERO" : "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
                    "element_at: the index " + index + " is out of bounds: the array has " + array.size()
                            + " elements, counted from 1, or from the end by -1. Use try_element_at to get NULL instead.");
        }
        return array.get(index > 0 ? index - 1 : array.size() + index);
    }

    public static @Nullable Object tryElementAt(List<?> array, int index) {
        if (index == 0) {
            return elementAt(array, index);
        }
        return Math.abs((long) index) > array.size() ? null : elementAt(array, index);
    }

    public static @Nullable Boolean contains(List<?> array, Object value) {
        boolean anyNull = false;
        for (Object element : array) {
            if (element == null) {
                anyNull = true;
            } else if (CellOrder.equalCells(element, value)) {
                return true;
            }
        }
        return anyNull ? null : (Boolean) false;
    }

    public static long position(List<?> array, Object value) {
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i) != null && CellOrder.equalCells(array.get(i), value)) {
                return i + 1L;
            }
        }
        return 0;
    }

    public static List<@Nullable Object> distinct(List<?> array) {
        Set<@Nullable Object> seen = new TreeSet<>(CellOrder.INSTANCE);
        List<@Nullable Object> distinct = new ArrayList<>();
        int looked = 0;
        for (Object element : array) {
            Cancellation.checkThread(looked++);
            if (seen.add(element)) {
                distinct.add(element);
            }
        }
        return distinct;
    }

    public static Slice join(List<?> array, Slice separator) {
        return StringFunctions.concatWs(separator, array);
    }

    public static Slice join(List<?> array, Slice separator, Slice nullReplacement) {
        List<@Nullable Object> parts = new ArrayList<>(array);
        parts.replaceAll(part -> part == null ? nullReplacement : part);
        return StringFunctions.concatWs(separator, parts);
    }

    public static List<@Nullable Object> sort(List<?> array) {
        return sort(array, true);
    }

    public static List<@Nullable Object> sort(List<?> array, boolean ascending) {
        List<@Nullable Object> sorted = new ArrayList<>(array);
        sorted.sort(ascending ? CellOrder.INSTANCE : CellOrder.INSTANCE.reversed());
        return sorted;
    }

    public static List<@Nullable Object> sortNullsLast(List<?> array) {
        List<@Nullable Object> sorted = new ArrayList<>(array);
        sorted.sort(Comparator.nullsLast(CellOrder.INSTANCE));
        return sorted;
    }

    public static @Nullable Object max(List<?> array) {
        Object max = null;
        for (Object element : array) {
            max = ConditionFunctions.greatest(max, element);
        }
        return max;
    }

    public static @Nullable Object min(List<?> array) {
        Object min = null;
        for (Object element : array) {
            min = ConditionFunctions.least(min, element);
        }
        return min;
    }

    public static List<@Nullable Object> concat(List<?> a, List<?> b) {
        List<@Nullable Object> both = new ArrayList<>(a.size() + b.size());
        both.addAll(a);
        both.addAll(b);
        return both;
    }

    public static List<@Nullable Object> union(List<?> a, List<?> b) {
        return distinct(concat(a, b));
    }

    public static List<@Nullable Object> intersect(List<?> a, List<?> b) {
        Set<@Nullable Object> wanted = new TreeSet<>(CellOrder.INSTANCE);
        wanted.addAll(b);
        List<@Nullable Object> found = distinct(a);
        found.removeIf(element -> !wanted.contains(element));
        return found;
    }

    public static List<@Nullable Object> except(List<?> a, List<?> b) {
        Set<@Nullable Object> unwanted = new TreeSet<>(CellOrder.INSTANCE);
        unwanted.addAll(b);
        List<@Nullable Object> left = distinct(a);
        left.removeIf(unwanted::contains);
        return left;
    }

    public static @Nullable Boolean overlap(List<?> a, List<?> b) {
        Set<@Nullable Object> elements = new TreeSet<>(CellOrder.INSTANCE);
        elements.addAll(b);
        if (a.stream().filter(Objects::nonNull).anyMatch(elements::contains)) {
            return true;
        }
        boolean undecided = !a.isEmpty() && !b.isEmpty() && (a.contains(null) || elements.contains(null));
        return undecided ? null : (Boolean) false;
    }

    public static List<@Nullable Object> remove(List<?> array, Object value) {
        List<@Nullable Object> left = new ArrayList<>(array);
        left.removeIf(element -> element != null && CellOrder.equalCells(element, value));
        return left;
    }

    public static @Nullable List<@Nullable Object> append(@Nullable List<?> array, @Nullable Object value) {
        return array == null ? null : concat(array, Collections.singletonList(value));
    }

    public static @Nullable List<@Nullable Object> prepend(@Nullable List<?> array, @Nullable Object value) {
        return array == null ? null : concat(Collections.singletonList(value), array);
    }

    public static List<@Nullable Object> compact(List<?> array) {
        List<@Nullable Object> left = new ArrayList<>(array);
        left.removeIf(Objects::isNull);
        return left;
    }

    public static @Nullable List<? extends @Nullable Object> repeat(@Nullable Object value, @Nullable Integer count) {
        return count == null ? null : Collections.nCopies(Math.max(0, count), value);
    }

    public static @Nullable List<@Nullable Object> flatten(List<?> arrays) {
        List<@Nullable Object> elements = new ArrayList<>();
        int added = 0;
        for (Object array : arrays) {
            Cancellation.checkThread(added++);
            if (!(array instanceof List<?> inner)) {
                return null;
            }
            elements.addAll(inner);
        }
        return elements;
    }

    public static List<@Nullable Object> slice(List<?> array, int start, int length) {
        if (start == 0) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE", "slice: the start is 0. It is counted from 1, or from the end by -1.");
        }
        if (length < 0) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE", "slice: the length is " + length + ". It must be at least 0.");
        }
        int from = start > 0 ? start - 1 : array.size() + start;
        if (from < 0 || from >= array.size()) {
            return new ArrayList<>();
        }
        return new ArrayList<>(array.subList(from, (int) Math.min(array.size(), (long) from + length)));
    }

    public static List<@Nullable Object> reverse(List<?> array) {
        List<@Nullable Object> reversed = new ArrayList<>(array.size());
        for (int i = array.size() - 1; i >= 0; i--) {
            Cancellation.checkThread(i);
            reversed.add(array.get(i));
        }
        return reversed;
    }

    public static List<? extends @Nullable Object> sequence(int start, int stop) {
        return sequence(start, stop, start <= stop ? 1 : -1);
    }

    public static List<? extends @Nullable Object> sequence(int start, int stop, int step) {
        return NumberRange.ofInts(start, step, elements(start, stop, step));
    }

    public static List<? extends @Nullable Object> sequence(long start, long stop) {
        return sequence(start, stop, start <= stop ? 1 : -1);
    }

    public static List<? extends @Nullable Object> sequence(long start, long stop, long step) {
        return NumberRange.ofLongs(start, step, elements(start, stop, step));
    }

    /// How many a sequence has.
    private static int elements(long start, long stop, long step) {
        boolean leads = step > 0 && start <= stop || step < 0 && start >= stop || step == 0 && start == stop;
        if (!leads) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE",
                    "sequence(" + start + ", " + stop + ", " + step
                            + "): the step does not lead from the start to the stop.");
        }
        long steps = step == 0 ? 0 : Math.abs(Math.subtractExact(stop, start) / step);
        if (steps >= MOST_ELEMENTS) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE",
                    "sequence(" + start + ", " + stop + ", " + step + ") has more elements than an array can.");
        }
        return (int) steps + 1;
    }

    /// The elements at each place as structs, nulls for those of shorter arrays; null if an array is.
    public static @Nullable List<@Nullable Object> zip(List<?> arrays) {
        int longest = 0;
        for (Object array : arrays) {
            if (!(array instanceof List<?> elements)) {
                return null;
            }
            longest = Math.max(longest, elements.size());
        }
        List<@Nullable Object> structs = new ArrayList<>();
        for (int i = 0; i < longest; i++) {
            Cancellation.checkThread(i);
            List<@Nullable Object> struct = new ArrayList<>();
            for (Object array : arrays) {
                List<?> elements = (List<?>) Objects.requireNonNull(array);
                struct.add(i < elements.size() ? elements.get(i) : null);
            }
            structs.add(struct);
        }
        return structs;
    }

    /// With a value put in at a position from 1, or from the end by -1; beyond the array, nulls fill the gap.
    public static @Nullable List<@Nullable Object> insert(
            @Nullable List<?> array, @Nullable Integer position, @Nullable Object value) {
        if (array == null || position == null) {
            return null;
        }
        if (position == 0) {
            throw new DataException(
                    "INVALID_INDEX_OF_ZERO", "array_insert: the position is 0. It is counted from 1, or from -1.");
        }
        if (Math.abs((long) position) > MOST_ELEMENTS) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE",
                    "array_insert: the position " + position + " is beyond what an array has.");
        }
        int at = position > 0 ? position - 1 : array.size() + position + 1;
        List<@Nullable Object> result = new ArrayList<>();
        if (at < 0) {
            result.add(value);
            result.addAll(Collections.nCopies(-at, null));
            result.addAll(array);
            return result;
        }
        result.addAll(array.subList(0, Math.min(at, array.size())));
        result.addAll(Collections.nCopies(Math.max(0, at - array.size()), null));
        result.add(value);
        result.addAll(array.subList(Math.min(at, array.size()), array.size()));
        return result;
    }

    public static List<@Nullable Object> shuffle(EvalContext context, List<?> array) {
        return shuffle(context, array, 0);
    }

    /// The elements in an order by chance; see [MathFunctions#rand].
    public static List<@Nullable Object> shuffle(EvalContext context, List<?> array, long seed) {
        List<@Nullable Object> shuffled = new ArrayList<>(array);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            Collections.swap(shuffled, i, (int) (MathFunctions.rand(context, seed) * (i + 1)));
        }
        return shuffled;
    }
}

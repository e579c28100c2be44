package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Functions of arrays. Two elements are equal as [CellOrder] says, and null equals null where elements are counted
/// once.
public final class ArrayFunctions {
    private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 15;

    /// Arrays of fewer elements are copied, and sorted, before it would be asked once whether the query is to stop.
    private static final int LONG = 4096;

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
        int looked = 0;
        for (Object element : array) {
            Cancellation.checkThread(looked++);
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
            Cancellation.checkThread(i);
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
        List<@Nullable Object> parts = new ArrayList<>(array.size());
        for (Object part : array) {
            Cancellation.checkThread(parts.size());
            parts.add(part == null ? nullReplacement : part);
        }
        return StringFunctions.concatWs(separator, parts);
    }

    public static List<@Nullable Object> sort(List<?> array) {
        return sort(array, true);
    }

    public static List<@Nullable Object> sort(List<?> array, boolean ascending) {
        return sort(array, ascending ? CellOrder.INSTANCE : CellOrder.INSTANCE.reversed());
    }

    public static List<@Nullable Object> sortNullsLast(List<?> array) {
        return sort(array, Comparator.nullsLast(CellOrder.INSTANCE));
    }

    /// As [List#sort], of a copy.
    static List<@Nullable Object> sort(List<?> array, Comparator<@Nullable Object> order) {
        List<@Nullable Object> sorted = copy(array);
        if (array.size() < LONG) {
            sorted.sort(order);
        } else {
            sorted.sort(asking(order));
        }
        return sorted;
    }

    /// The order for one sort, which is given up soon after the query is to stop.
    static <T extends @Nullable Object> Comparator<T> asking(Comparator<T> order) {
        return new Comparator<>() {
            private int compared;

            @Override
            public int compare(T a, T b) {
                Cancellation.checkThread(compared++);
                return order.compare(a, b);
            }
        };
    }

    private static List<@Nullable Object> copy(List<?> array) {
        List<@Nullable Object> copy = new ArrayList<>(array.size());
        addAll(copy, array);
        return copy;
    }

    /// Elements of an array may be made only when they are looked at, so that there is something to be given up.
    private static void addAll(Collection<@Nullable Object> target, List<?> array) {
        if (array.size() < LONG) {
            target.addAll(array);
            return;
        }
        int added = 0;
        for (Object element : array) {
            Cancellation.checkThread(added++);
            target.add(element);
        }
    }

    private static Set<@Nullable Object> setOf(List<?> array) {
        Set<@Nullable Object> elements = new TreeSet<>(CellOrder.INSTANCE);
        addAll(elements, array);
        return elements;
    }

    private static List<@Nullable Object> thoseThat(List<?> array, Predicate<@Nullable Object> wanted) {
        List<@Nullable Object> kept = new ArrayList<>();
        int looked = 0;
        for (Object element : array) {
            Cancellation.checkThread(looked++);
            if (wanted.test(element)) {
                kept.add(element);
            }
        }
        return kept;
    }

    public static @Nullable Object max(List<?> array) {
        Object max = null;
        int looked = 0;
        for (Object element : array) {
            Cancellation.checkThread(looked++);
            max = ConditionFunctions.greatest(max, element);
        }
        return max;
    }

    public static @Nullable Object min(List<?> array) {
        Object min = null;
        int looked = 0;
        for (Object element : array) {
            Cancellation.checkThread(looked++);
            min = ConditionFunctions.least(min, element);
        }
        return min;
    }

    public static List<@Nullable Object> concat(List<?> a, List<?> b) {
        List<@Nullable Object> both = new ArrayList<>(a.size() + b.size());
        addAll(both, a);
        addAll(both, b);
        return both;
    }

    public static List<@Nullable Object> union(List<?> a, List<?> b) {
        return distinct(concat(a, b));
    }

    public static List<@Nullable Object> intersect(List<?> a, List<?> b) {
        Set<@Nullable Object> wanted = setOf(b);
        return thoseThat(distinct(a), wanted::contains);
    }

    public static List<@Nullable Object> except(List<?> a, List<?> b) {
        Set<@Nullable Object> unwanted = setOf(b);
        return thoseThat(distinct(a), element -> !unwanted.contains(element));
    }

    public static @Nullable Boolean overlap(List<?> a, List<?> b) {
        Set<@Nullable Object> elements = setOf(b);
        boolean anyNull = elements.contains(null);
        int looked = 0;
        for (Object element : a) {
            Cancellation.checkThread(looked++);
            if (element == null) {
                anyNull = true;
            } else if (elements.contains(element)) {
                return true;
            }
        }
        boolean undecided = !a.isEmpty() && !b.isEmpty() && anyNull;
        return undecided ? null : (Boolean) false;
    }

    public static List<@Nullable Object> remove(List<?> array, Object value) {
        return thoseThat(array, element -> element == null || !CellOrder.equalCells(element, value));
    }

    public static @Nullable List<@Nullable Object> append(@Nullable List<?> array, @Nullable Object value) {
        return array == null ? null : concat(array, Collections.singletonList(value));
    }

    public static @Nullable List<@Nullable Object> prepend(@Nullable List<?> array, @Nullable Object value) {
        return array == null ? null : concat(Collections.singletonList(value), array);
    }

    public static List<@Nullable Object> compact(List<?> array) {
        return thoseThat(array, Objects::nonNull);
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
            addAll(elements, inner);
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
        return copy(array.subList(from, (int) Math.min(array.size(), (long) from + length)));
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
            addAll(result, Collections.nCopies(-at, null));
            addAll(result, array);
            return result;
        }
        addAll(result, array.subList(0, Math.min(at, array.size())));
        addAll(result, Collections.nCopies(Math.max(0, at - array.size()), null));
        result.add(value);
        addAll(result, array.subList(Math.min(at, array.size()), array.size()));
        return result;
    }

    public static List<@Nullable Object> shuffle(EvalContext context, List<?> array) {
        return shuffle(context, array, 0);
    }

    /// The elements in an order by chance; see [MathFunctions#rand].
    public static List<@Nullable Object> shuffle(EvalContext context, List<?> array, long seed) {
        List<@Nullable Object> shuffled = copy(array);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            Cancellation.checkThread(i);
            Collections.swap(shuffled, i, (int) (MathFunctions.rand(context, seed) * (i + 1)));
        }
        return shuffled;
    }
}

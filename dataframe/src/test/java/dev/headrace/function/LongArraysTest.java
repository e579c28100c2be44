package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Slice;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Functions that look at each element of a long array stop soon after their query is cancelled.
class LongArraysTest {
    private static final int MANY = 1 << 17;
    private static final List<? extends @Nullable Object> NUMBERS = ArrayFunctions.sequence(1, MANY);

    private static void assertGivenUp(Supplier<?> function) {
        function.get();
        Cancellation query = new Cancellation();
        assertThrows(
                QueryCancelledException.class,
                () -> query.within(() -> {
                    query.cancel();
                    return function.get();
                }));
    }

    @Test
    void functionsOfLongArraysAreGivenUp() {
        assertGivenUp(() -> ArrayFunctions.distinct(NUMBERS));
        assertGivenUp(() -> ArrayFunctions.union(NUMBERS, NUMBERS));
        assertGivenUp(() -> ArrayFunctions.flatten(Collections.nCopies(MANY, List.of(1))));
        assertGivenUp(() -> ArrayFunctions.zip(List.of(NUMBERS, NUMBERS)));
        assertGivenUp(() -> ArrayFunctions.reverse(NUMBERS));
        assertGivenUp(() -> TimeSequences.dates(0, MANY));
        assertGivenUp(() -> ArrayFunctions.contains(NUMBERS, 0));
        assertGivenUp(() -> ArrayFunctions.position(NUMBERS, 0));
        assertGivenUp(() -> ArrayFunctions.max(NUMBERS));
        assertGivenUp(() -> ArrayFunctions.min(NUMBERS));
        assertGivenUp(() -> ArrayFunctions.concat(NUMBERS, NUMBERS));
        assertGivenUp(() -> ArrayFunctions.flatten(List.of(NUMBERS)));
        assertGivenUp(() -> ArrayFunctions.slice(NUMBERS, 2, MANY));
        assertGivenUp(() -> ArrayFunctions.insert(NUMBERS, 1, 0));
        assertGivenUp(() -> ArrayFunctions.insert(List.of(), MANY, 0));
        assertGivenUp(() -> ArrayFunctions.intersect(List.of(), NUMBERS));
        assertGivenUp(() -> ArrayFunctions.except(List.of(), NUMBERS));
        assertGivenUp(() -> ArrayFunctions.overlap(List.of(), NUMBERS));
        assertGivenUp(() -> ArrayFunctions.overlap(NUMBERS, List.of()));
        assertGivenUp(() -> ArrayFunctions.remove(NUMBERS, 0));
        assertGivenUp(() -> ArrayFunctions.compact(NUMBERS));
        assertGivenUp(() -> ArrayFunctions.join(NUMBERS, Slice.utf8(","), Slice.utf8("-")));
        assertGivenUp(() -> StringFunctions.concatWs(Slice.utf8(","), NUMBERS));
        assertGivenUp(() -> CellOrder.compareCells(NUMBERS, NUMBERS));
        assertGivenUp(() -> Murmur3Hash.hash(NUMBERS, 42));
        assertGivenUp(() -> XxHash64.hash(NUMBERS, 42));
    }

    /// Also where all elements have been copied: the sort itself takes longest.
    @Test
    void sortsOfLongArraysAreGivenUp() {
        Cancellation query = new Cancellation();
        AtomicInteger compared = new AtomicInteger();
        Comparator<@Nullable Object> cancelling = (a, b) -> {
            if (compared.getAndIncrement() == 0) {
                query.cancel();
            }
            return CellOrder.compareCells(a, b);
        };

        assertThrows(QueryCancelledException.class, () -> query.within(() -> ArrayFunctions.sort(NUMBERS, cancelling)));
        assertTrue(compared.get() < MANY, () -> compared + " comparisons");
        assertGivenUp(() -> ArrayFunctions.sort(NUMBERS));
        assertGivenUp(() -> ArrayFunctions.sort(NUMBERS, false));
        assertGivenUp(() -> ArrayFunctions.sortNullsLast(NUMBERS));
    }

    @Test
    void distancesOfTextsAreGivenUp() {
        Slice kitten = Slice.utf8("kitten".repeat(100));
        Slice sitting = Slice.utf8("sitten".repeat(100));
        assertGivenUp(() -> StringFunctions.levenshtein(kitten, sitting));
        assertGivenUp(() -> StringFunctions.levenshtein(kitten, sitting, 200));
    }

    @Test
    void functionsOfLargeMapsAreGivenUp() {
        Map<Object, @Nullable Object> large = MapFunctions.fromArrays(NUMBERS, NUMBERS);

        assertGivenUp(() -> MapFunctions.fromArrays(NUMBERS, NUMBERS));
        assertGivenUp(() -> MapFunctions.concat(large, Map.of()));
        assertGivenUp(() -> MapFunctions.entries(large));
        assertGivenUp(() -> MapFunctions.get(large, 0));
        assertGivenUp(() -> MapFunctions.containsKey(large, 0));
        assertGivenUp(() -> MapFunctions.inOrder(large));
    }

    @Test
    void castsOfLongArraysAreGivenUp() {
        EvalContext context = new EvalContext(ZoneOffset.UTC, 0, 0);
        DataType numbers = new ArrayType(DataTypes.IntegerType, true);
        DataType longs = new ArrayType(DataTypes.LongType, true);

        assertGivenUp(() -> CellCasts.cast(NUMBERS, numbers, longs, context));
        assertGivenUp(() -> CellCasts.tryCast(NUMBERS, numbers, longs, context));
        assertGivenUp(() -> CellCasts.cast(NUMBERS, numbers, DataTypes.StringType, context));
    }

    @Test
    void sequencesAndRepetitionsTakeNoRoom() {
        int most = Integer.MAX_VALUE - 15;

        assertEquals(most - 1, ArrayFunctions.sequence(1, most - 1).get(most - 2));
        assertEquals(-9L, ArrayFunctions.sequence(5L, -9L, -7L).get(2));
        assertEquals(most, ArrayFunctions.repeat("x", most).size());
        assertEquals(List.of(), ArrayFunctions.repeat("x", -1));
        assertEquals(List.of(3, 2, 1), ArrayFunctions.reverse(List.of(1, 2, 3)));
    }
}

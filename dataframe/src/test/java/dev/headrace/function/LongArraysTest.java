package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import java.util.Collections;
import java.util.List;
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

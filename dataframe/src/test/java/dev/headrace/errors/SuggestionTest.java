package dev.headrace.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

    @ParameterizedTest
    @CsvSource({
        "amout, amount", // one missing
        "ammount, amount", // one too many
        "amuont, amount", // neighbours swapped
        "AMOUNT, amount", // only the case differs
        "ic, id", // short words may differ in one letter
        "startingOffset, startingOffsets",
    })
    void aNearNameIsSuggested(String wrong, String meant) {
        List<String> names = List.of("id", "amount", "ts", "startingOffsets");

        assertEquals("Did you mean '" + meant + "'?", Suggestion.didYouMean(wrong, names));
    }

    @ParameterizedTest
    @CsvSource({"price", "xx", "amounts_of_all_orders"})
    void nothingIsSuggestedWhenNothingIsNear(String wrong) {
        assertEquals("", Suggestion.didYouMean(wrong, List.of("id", "amount", "ts")));
    }

    @Test
    void aNameOfOneLetterIsNearWhatHasTheLetter() {
        assertEquals(Optional.empty(), Suggestion.closest("c", List.of("k", "a", "b")));
        assertEquals(Optional.of("k"), Suggestion.closest("kk", List.of("k", "a", "b")));
        assertEquals(Optional.of("id"), Suggestion.closest("i", List.of("id", "k")));
        assertEquals(Optional.of("K"), Suggestion.closest("k", List.of("K", "a")));
    }

    @Test
    void nothingIsSuggestedFromNothing() {
        assertEquals(Optional.empty(), Suggestion.closest("amount", List.of()));
        assertEquals(Optional.empty(), Suggestion.closest("", List.of("amount")));
    }

    @Test
    void ofEquallyNearNamesTheAlphabeticallyFirstIsSuggested() {
        assertEquals(Optional.of("car"), Suggestion.closest("cax", List.of("cat", "car")));
    }
}

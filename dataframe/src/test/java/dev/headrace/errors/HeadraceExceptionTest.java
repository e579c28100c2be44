package dev.headrace.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadraceExceptionTest {

    @Test
    void messageIsTheCodeInBracketsAndTheText() {
        HeadraceException error =
                new QueryException("UNRESOLVED_COLUMN", "'amout' is not a column of orders(id, amount).");

        assertEquals("[UNRESOLVED_COLUMN] 'amout' is not a column of orders(id, amount).", error.getMessage());
        assertEquals("UNRESOLVED_COLUMN", error.code());
        assertEquals("'amout' is not a column of orders(id, amount).", error.text());
    }

    @Test
    void causeIsKept() {
        IOException cause = new IOException("no route");

        assertSame(cause, new UnavailableException("BROKER_UNREACHABLE", "x", cause).getCause());
        assertSame(cause, new CheckpointException("LOG_ENTRY_DAMAGED", "x", cause).getCause());
    }

    @Test
    void blankLeftByAMissingSuggestionIsStripped() {
        String text = "'zzz' is not a column. " + Suggestion.didYouMean("zzz", List.of("amount"));

        assertEquals("[A] 'zzz' is not a column.", new QueryException("A", text).getMessage());
    }

    @Test
    void aCodeMayHaveOneSubcode() {
        assertEquals("CAST.OVERFLOW", new DataException("CAST.OVERFLOW", "x").code());
    }

    @Test
    void aCodeInAnotherFormIsAMistakeOfOurs() {
        IllegalArgumentException error =
                assertThrows(IllegalArgumentException.class, () -> new QueryException("unresolved column", "x"));

        assertEquals(
                "An error code is upper case with underscores, such as UNRESOLVED_COLUMN, not 'unresolved column'.",
                error.getMessage());
    }

    @Test
    void beingFencedIsAKindOfCheckpointError() {
        assertInstanceOf(CheckpointException.class, new FencedException("FENCED", "x"));
    }

    @Test
    void theSqlStateIsThatOfTheCodeOrOfTheTypeOfError() {
        assertEquals("22012", new DataException("DIVIDE_BY_ZERO", "x").getSqlState());
        assertEquals("42703", new QueryException("UNRESOLVED_COLUMN.WITH_SUGGESTION", "x").getSqlState());
        assertEquals("0A000", new QueryException("UNSUPPORTED_SQL", "x").getSqlState());
        assertEquals("42000", new QueryException("ONE_OF_OURS", "x").getSqlState());
        assertEquals("22000", new DataException("ONE_OF_OURS", "x").getSqlState());
        assertEquals("40001", new FencedException("ONE_OF_OURS", "x").getSqlState());
        assertEquals("58000", new CheckpointException("ONE_OF_OURS", "x").getSqlState());
        assertEquals("53000", new ResourceException("ONE_OF_OURS", "x").getSqlState());
    }
}

package dev.headrace.plan.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.plan.rules.JoinedRows.Restriction;
import dev.headrace.plan.rules.JoinedRows.Shared;
import dev.headrace.plan.rules.JoinedRows.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinedRowsTest {
    private static final Table SALES = new Table(1_000_000, 1_000_000);
    private static final int A = 1;
    private static final int B = 2;
    private static final int C = 4;

    private static double all(List<Table> tables, Shared... columns) {
        double[] rows = JoinedRows.ofSets(tables, List.of(columns), List.of());
        return rows[rows.length - 1];
    }

    @Test
    void rowsWithoutConditionsAreAllPairs() {
        assertEquals(6, all(List.of(new Table(2, 2), new Table(3, 3))));
    }

    @Test
    void eachSetOfTablesHasItsRows() {
        double[] rows = JoinedRows.ofSets(
                List.of(SALES, new Table(10, 100), new Table(2, 2)),
                List.of(new Shared(A | B, B, 100)),
                List.of(new Restriction(A | C, 0.5)));

        assertEquals(List.of(1_000_000.0, 10.0, 100_000.0), List.of(rows[A], rows[B], rows[A | B]));
        assertEquals(List.of(2.0, 1_000_000.0, 20.0), List.of(rows[C], rows[A | C], rows[B | C]));
        assertEquals(100_000, rows[A | B | C]);
    }

    @Test
    void keysOfSeveralColumnsHaveNotMoreValuesThanTheSmallerTableHasRows() {
        Table returns = new Table(100_000, 100_000);

        assertEquals(
                1_000_000,
                all(
                        List.of(SALES, returns),
                        new Shared(A | B, 0, 2_000),
                        new Shared(A | B, 0, 5_000),
                        new Shared(A | B, 0, 20_000)));
        assertEquals(250_000_000, all(List.of(SALES, returns), new Shared(A | B, 0, 20), new Shared(A | B, 0, 20)));
    }

    @Test
    void ofTwoTablesTheLargerOneHasTheKeyIfOneColumnNearlyIsTheSmallersKey() {
        Table returns = new Table(100_000, 100_000);

        assertEquals(
                100_000,
                all(List.of(SALES, returns), new Shared(A | B, 0, 90_000), new Shared(A | B, 0, 50_000)),
                1e-6);
    }

    @Test
    void conditionsLeaveAPartOfKeysOfSeveralColumns() {
        assertEquals(
                10_000,
                all(
                        List.of(SALES, new Table(1_000, 100_000)),
                        new Shared(A | B, 0, 20_000),
                        new Shared(A | B, 0, 30_000)));
    }

    @Test
    void columnsOfDifferentTablesDoNotMakeUpAKey() {
        assertEquals(
                1,
                all(
                        List.of(new Table(10, 1000), new Table(10, 1000), SALES),
                        new Shared(A | C, A, 1000),
                        new Shared(B | C, B, 1_000_000)));
    }

    @Test
    void rowsHaveOnePartnerInATableJoinedByItsKey() {
        Table days = new Table(73_000, 73_000);

        assertEquals(1_000_000, all(List.of(SALES, days), new Shared(A | B, B, 1_800)));
    }

    @Test
    void conditionsThatLeaveManyKeysLeaveThatPartOfThePartners() {
        Table daysOfMarch = new Table(7_300, 73_000);

        assertEquals(100_000, all(List.of(SALES, daysOfMarch), new Shared(A | B, B, 1_800)), 1e-6);
    }

    @Test
    void conditionsThatLeaveFewKeysAreAboutThoseThatTheOtherTableHas() {
        Table daysOfAYear = new Table(365, 73_000);

        assertEquals(200_000, all(List.of(SALES, daysOfAYear), new Shared(A | B, B, 1_825)), 1e-6);
    }

    /// A row of the second table has partners by another column than its key: each finds the rows with its key.
    @Test
    void keysDoNotBoundWhatIsJoinedByOtherColumns() {
        Table days = new Table(73_000, 73_000);
        Table daysOfAYear = new Table(365, 73_000);

        assertEquals(
                1_000_000 / 1_825.0 * 73_000 * 365 / 10_000,
                all(List.of(SALES, days, daysOfAYear), new Shared(A | B, B, 1_825), new Shared(B | C, 0, 10_000)),
                1e-3);
    }
}

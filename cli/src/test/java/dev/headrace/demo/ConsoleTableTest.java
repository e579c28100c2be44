package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.demo.ConsoleTable.Counts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsoleTableTest {
    private static final List<String> TABLE = List.of(
            "-------------------------------------------",
            "Batch: 7",
            "-------------------------------------------",
            "+---------+-----+",
            "|   status|count|",
            "+---------+-----+",
            "|  created|   12|",
            "|cancelled|    3|",
            "+---------+-----+",
            "");

    private final ConsoleTable console = new ConsoleTable();

    @Test
    void aWholeTableIsRead() {
        assertEquals(Optional.of(new Counts(7, Map.of("created", 12L, "cancelled", 3L))), lastOf(TABLE));
    }

    @Test
    void aTableThatWasCutOffIsNoTable() {
        assertEquals(Optional.empty(), lastOf(TABLE.subList(0, 8)));
    }

    @Test
    void aTableAfterOneThatWasCutOffIsRead() {
        lastOf(TABLE.subList(0, 8));
        assertEquals(Optional.of(new Counts(7, Map.of("created", 12L, "cancelled", 3L))), lastOf(TABLE));
    }

    @Test
    void anEmptyTableHasNoCounts() {
        List<String> empty =
                List.of("Batch: 0", "+------+-----+", "|status|count|", "+------+-----+", "+------+-----+");
        assertEquals(Optional.of(new Counts(0, Map.of())), lastOf(empty));
    }

    private Optional<Counts> lastOf(List<String> lines) {
        Optional<Counts> last = Optional.empty();
        for (String line : lines) {
            Optional<Counts> counts = console.accept(line);
            last = counts.isPresent() ? counts : last;
        }
        return last;
    }
}

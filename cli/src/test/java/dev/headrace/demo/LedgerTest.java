package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.demo.LedgerEntry.ClickSent;
import dev.headrace.demo.LedgerEntry.OrderChangeSent;
import dev.headrace.demo.OrderChange.Op;
import dev.headrace.errors.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final List<LedgerEntry> ENTRIES = List.of(
            new ClickSent(3, 1L << 40, 7, 11, 18_900, 1_767_603_600_123L, true),
            new OrderChangeSent(2, 5, 42, Op.DELETE, OrderStatus.CANCELLED, 24_000_017L),
            new ClickSent(0, 0, 8, 0, 0, -1, false));

    @TempDir
    Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void aFile() {
        file = directory.resolve("ledger");
    }

    @Test
    void whatWasWrittenIsReadBack() {
        write(ENTRIES);
        Ledger ledger = Ledger.open(file);
        List<LedgerEntry> read = new ArrayList<>();
        ledger.forEach(read::add);
        assertEquals(ENTRIES, read);
        assertEquals(new Ledger(file, 2, 1), ledger);
    }

    @Test
    void anEmptyLedgerIsALedger() {
        write(List.of());
        assertEquals(new Ledger(file, 0, 0), Ledger.open(file));
    }

    @Test
    void aLedgerWithoutItsEndIsRefused() {
        try (LedgerWriter writer = LedgerWriter.create(file)) {
            ENTRIES.forEach(writer::add);
        }
        DataException error = assertThrows(DataException.class, () -> Ledger.open(file));
        assertEquals(
                "[LEDGER_DAMAGED] The generator's ledger '" + file + "' is damaged, or was not finished because the"
                        + " generator died. Without it nothing can be proven; run the demo again.",
                error.getMessage());
    }

    @Test
    void anyChangedByteAndAnyCutAreNoticed() throws IOException {
        write(ENTRIES);
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            Files.write(file, changed);
            assertThrows(DataException.class, () -> Ledger.open(file), "byte " + i);
            Files.write(file, Arrays.copyOf(whole, i));
            assertThrows(DataException.class, () -> Ledger.open(file), "cut at " + i);
        }
    }

    private void write(List<LedgerEntry> entries) {
        try (LedgerWriter writer = LedgerWriter.create(file)) {
            entries.forEach(writer::add);
            writer.finish();
        }
    }
}

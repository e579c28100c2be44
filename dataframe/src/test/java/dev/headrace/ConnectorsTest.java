package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Formats that don't exist, or can't do what is asked.
class ConnectorsTest {
    @AutoClose
    private final Session session = Session.builder().master("local[1]").create();

    @Test
    void aMistypedFormatIsReportedWithTheOneThatWasMeant() {
        String message = Assertions.assertThrows(
                        QueryException.class,
                        () -> session.read().format("kafk").load())
                .getMessage();
        assertTrue(
                message.startsWith("[UNKNOWN_FORMAT] There is no format(\"kafk\"). Did you mean 'kafka'? Formats: "),
                message);
    }

    @Test
    void aFormatOfAnotherModuleIsReportedWithItsDependency() {
        assertFails(
                "[UNKNOWN_FORMAT] format(\"delta\") is in the module dev.headrace:headrace-lakehouse-sink, which is not on"
                        + " the class path. Add it to the program's dependencies.",
                () -> session.range(1).write().format("delta").save("/tmp/x"));
    }

    @Test
    void unknownModesAndPartitionColumnsAreReported() {
        assertFails(
                "[UNKNOWN_SAVE_MODE] mode(\"apend\"): Did you mean 'append'? Modes: append, overwrite, error,"
                        + " errorifexists, ignore.",
                () -> session.range(1).write().mode("apend"));
        assertFails(
                "[UNRESOLVED_COLUMN] 'it' is not a column of (id). Did you mean 'id'?",
                () -> session.range(1).write().partitionBy("it"));
    }
}

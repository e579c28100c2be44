package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.errors.QueryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChosenLogTest {
    @Test
    void kernelsLogIsTheDefault() {
        assertInstanceOf(KernelTableLog.class, ChosenLog.open(Path.of("/t")));
    }

    @Test
    void aLogThatIsNotThereSaysWhichAre() {
        QueryException error = assertThrows(QueryException.class, () -> ChosenLog.named("standalon", Path.of("/t")));

        assertEquals(
                "[DELTA_UNKNOWN_LOG] headrace.delta.log=standalon: no such log of Delta tables is on the class path, which"
                        + " has kernel. For 'standalone' add the artifact headrace-delta-standalone to the program; leave the property"
                        + " out for kernel.",
                error.getMessage());
    }
}

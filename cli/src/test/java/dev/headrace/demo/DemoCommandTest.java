package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DemoCommandTest {
    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();
    private final CommandLine command = new CommandLine(new DemoCommand())
            .setErr(new PrintWriter(err, true))
            .setOut(new PrintWriter(out, true));

    @ParameterizedTest
    @CsvSource({
        "--seconds, 9, --seconds is '9'; it must be at least 10.",
        "--rate, 0, --rate is '0'; it must be at least 1."
    })
    void whatCannotWorkIsRefusedBeforeAnythingStarts(String option, String value, String message) {
        assertEquals(2, command.execute(option, value));
        assertEquals(message, err.toString().lines().findFirst().orElseThrow());
    }

    @Test
    void anotherDemoThanThoseThereAreIsRefused() {
        assertEquals(2, command.execute("sales"));
        assertEquals(
                "Invalid value for positional parameter at index 0 (WHAT): 'sales' is no demo: there are 'shop' and 'cdc'.",
                err.toString().lines().findFirst().orElseThrow());
    }

    @Test
    void helpNamesTheOptionsAndTheExitCodes() {
        assertEquals(0, command.execute("--help"));
        String help = out.toString();
        for (String part :
                new String[] {"'cdc'", "--seconds", "--rate", "--keep", "--directory", "10 that it does not"}) {
            assertTrue(help.contains(part), help);
        }
    }
}

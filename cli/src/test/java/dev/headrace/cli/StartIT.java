package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartIT {
    @TempDir
    Path folder;

    private String printed = "";

    private int run(String statements) throws Exception {
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildJvm.flags());
        command.addAll(List.of("-classpath", ChildJvm.classPath(), "dev.headrace.cli.Start"));
        command.addAll(List.of("sql", "--output", "csv", "-e", statements));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
        } finally {
            process.destroyForcibly();
        }
        printed = Files.readString(out, StandardCharsets.UTF_8);
        return process.exitValue();
    }

    @Test
    void aProcessThatIsDoneEnds() throws Exception {
        int code =
                run("CREATE TEMPORARY VIEW numbers AS SELECT id FROM range(3); SELECT sum(id) AS total FROM numbers");

        assertEquals(0, code, printed);
        assertTrue(printed.endsWith("total" + System.lineSeparator() + "3" + System.lineSeparator()), printed);
    }

    @Test
    void aProcessThatHasFailedSaysSo() throws Exception {
        int code = run("SELECT nothing");

        assertEquals(1, code, printed);
        assertTrue(printed.contains("[UNRESOLVED_COLUMN]"), printed);
    }
}

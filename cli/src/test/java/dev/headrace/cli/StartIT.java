package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartIT {
    @TempDir
    Path folder;

    private String printed = "";

    private int run(String statements) throws Exception {
        return run(ChildJvm.classPath(), Map.of(), "-e", statements);
    }

    private int run(String classPath, Map<String, String> environment, String... options) throws Exception {
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildJvm.flags());
        command.addAll(List.of("-classpath", classPath, "dev.headrace.cli.Start"));
        command.addAll(List.of("sql", "--output", "csv"));
        command.addAll(List.of(options));
        ProcessBuilder start =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        start.environment().putAll(environment);
        Process process = start.start();
        try {
            assertTrue(process.waitFor(300, TimeUnit.SECONDS), "it does not end");
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

    @Test
    void addedJarsBringDriversAndFileSystems() throws Exception {
        Path jar = EchoJar.in(folder);
        Path file = Files.writeString(folder.resolve("numbers.csv"), "7");
        String classPath = AddedJars.of("", List.of(jar.toString())).behind(ChildJvm.classPath());

        int fromStore = run(
                classPath, Map.of(), "--jars", folder.toString(), "-e", "SELECT * FROM csv.`echo://here" + file + "`");
        assertEquals(0, fromStore, printed);
        assertTrue(printed.endsWith("7" + System.lineSeparator()), printed);

        String table = "CREATE TEMPORARY VIEW t USING jdbc OPTIONS (url 'jdbc:echo:a', dbtable 't'); TABLE t";
        assertEquals(1, run(classPath, Map.of("HEADRACE_JARS", jar.toString()), "-e", table), printed);
        assertTrue(printed.contains("the driver was asked for"), printed);
    }

    @Test
    void jarsThatAreMissingAreNamed() throws Exception {
        assertEquals(1, run(ChildJvm.classPath(), Map.of(), "--jars", "/nothing.jar", "-e", "SELECT 1"));
        assertTrue(printed.contains("[JAR_NOT_FOUND] --jars names '/nothing.jar', which isn't there"), printed);

        Map<String, String> environment = Map.of("HEADRACE_JARS", folder.toString());
        assertEquals(1, run(ChildJvm.classPath(), environment, "-e", "SELECT 1"));
        assertTrue(
                printed.contains("[JAR_NOT_FOUND] HEADRACE_JARS names '" + folder + "', a folder without jars."),
                printed);

        Path jar = EchoJar.in(folder);
        assertEquals(1, run(ChildJvm.classPath(), Map.of(), "--jars=" + jar, "-e", "SELECT 1"));
        assertTrue(printed.contains("[JAR_NOT_ADDED] '" + jar + "' of --jars is not on the class path."), printed);
    }
}

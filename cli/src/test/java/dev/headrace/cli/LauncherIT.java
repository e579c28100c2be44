package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `headrace`, with a JDK that prints how its JVM is started.
class LauncherIT {
    @TempDir
    Path folder;

    private Path home = Path.of("");
    private Path jdk = Path.of("");

    @BeforeEach
    void install() throws IOException {
        home = folder.toRealPath().resolve("home");
        Path launch = Files.createDirectories(home.resolve("cli/target/launch"));
        Files.copy(Path.of("../headrace"), home.resolve("headrace"));
        Files.writeString(home.resolve("pom.xml"), "");
        Files.writeString(home.resolve("cli/target/headrace.jar"), "");
        Files.writeString(launch.resolve("class-path"), "lib/a.jar:lib/b.jar");
        Files.writeString(launch.resolve("jvm-flags"), "-Dflag=1");
        jdk = folder.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n");
        executable(jdk.resolve("bin/javac"), "");
        executable(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        Files.writeString(launch.resolve("headrace.aot"), "classes");
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
    }

    /// @return what the JVM is given
    private List<String> start(String jars, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("bash", home.resolve("headrace").toString()));
        command.addAll(List.of(arguments));
        Path printed = folder.resolve("printed");
        ProcessBuilder start = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        start.environment().put("JAVA_HOME", jdk.toString());
        start.environment().put("HEADRACE_JARS", jars);
        Process process = start.start();
        assertTrue(process.waitFor(300, TimeUnit.SECONDS), "it does not end");
        List<String> lines = Files.readAllLines(printed);
        assertEquals(0, process.exitValue(), lines.toString());
        return lines;
    }

    private String classPath(List<String> given) {
        assertTrue(given.contains("-XX:AOTCache=" + home.resolve("cli/target/launch/headrace.aot")), given.toString());
        return given.get(given.indexOf("-classpath") + 1);
    }

    @Test
    void jarsComeBehindOursSoThatTheCachedClassesFit() throws Exception {
        Path target = home.resolve("cli/target");
        String ours = target + "/headrace.jar:" + target + "/lib/a.jar:" + target + "/lib/b.jar";
        Files.createDirectory(folder.resolve("drivers"));

        assertEquals(ours, classPath(start("", "sql", "-e", "SELECT 1")));
        assertEquals(
                ours + ":x.jar:drivers/*:y.jar",
                classPath(start("", "sql", "--jars", "x.jar,drivers", "--jars=y.jar", "-e", "SELECT 1")));
        assertEquals(ours + ":drivers/*:x y.jar", classPath(start("drivers/*,x y.jar", "dead-letters")));
    }

    @Test
    void whatIsForAProgramIsNotReadAndOptionsAreKept() throws Exception {
        List<String> given = start("x.jar", "run", "App.java", "--jars", "mine");
        assertTrue(classPath(given).endsWith("/lib/b.jar:x.jar"), given.toString());
        assertEquals(
                List.of("dev.headrace.cli.Start", "run", "App.java", "--jars", "mine"),
                given.subList(given.size() - 5, given.size()));

        given = start("", "sql", "--jars");
        assertTrue(classPath(given).endsWith("/lib/b.jar"), given.toString());
    }

    @Test
    void progressIsShownOnATerminalOnly() throws Exception {
        String shown = "-Dspark.ui.showConsoleProgress=true";
        assertFalse(start("", "run", "App.java").contains(shown));

        for (String command : List.of("run", "demo")) {
            String line = "bash '" + home.resolve("headrace") + "' " + command;
            ProcessBuilder terminal =
                    new ProcessBuilder("script", "--quiet", "--command", line, "/dev/null").redirectErrorStream(true);
            terminal.environment().put("JAVA_HOME", jdk.toString());
            Process process = terminal.start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(command.equals("run"), printed.contains(shown), printed);
        }
    }
}

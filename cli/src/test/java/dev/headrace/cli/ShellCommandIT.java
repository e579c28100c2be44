package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `headrace shell` on a terminal.
class ShellCommandIT {
    private static final String CONTROL_C = "\u0003";

    @TempDir
    Path folder;

    /// The command on a terminal of its own, which `script` makes: its keys are what is written to the process.
    private Process shell(Path startup) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildJvm.flags());
        command.addAll(List.of("-classpath", ChildJvm.classPath(), "dev.headrace.cli.Start", "shell"));
        command.add(startup.toString());
        String line = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        ProcessBuilder terminal = new ProcessBuilder("script", "--quiet", "--command", line, "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("shown").toFile());
        terminal.environment().put("HOME", folder.toString());
        terminal.environment().put("TERM", "xterm");
        return terminal.start();
    }

    private static void type(OutputStream keys, String typed) throws IOException {
        keys.write(typed.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    private static void await(WatchService watch, Path file) throws InterruptedException {
        while (!Files.exists(file)) {
            WatchKey changed = watch.poll(120, TimeUnit.SECONDS);
            assertTrue(changed != null, file + " does not come");
            changed.pollEvents();
            changed.reset();
        }
    }

    private static void awaitWriting(WatchService watch, Path into) throws Exception {
        while (true) {
            try (Stream<Path> files = Files.list(into)) {
                if (files.findAny().isPresent()) {
                    return;
                }
            }
            WatchKey changed = watch.poll(120, TimeUnit.SECONDS);
            assertTrue(changed != null, "nothing is written");
            changed.pollEvents();
            changed.reset();
        }
    }

    @Test
    void controlCCancelsAQueryAndGivesThePromptBack() throws Exception {
        Path ready = folder.resolve("ready");
        Path after = folder.resolve("after");
        Path numbers = Files.createDirectory(folder.resolve("out")).resolve("numbers");
        Path startup =
                Files.writeString(folder.resolve("startup.jsh"), "Files.createFile(Path.of(\"" + ready + "\"));\n");

        try (WatchService watch = folder.getFileSystem().newWatchService()) {
            folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            numbers.getParent().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            Process shell = shell(startup);
            try (OutputStream keys = shell.getOutputStream()) {
                await(watch, ready);
                type(keys, "session.range(1000000000000L).write().parquet(\"" + numbers + "\");\r");
                awaitWriting(watch, numbers.getParent());
                type(keys, CONTROL_C);
                type(
                        keys,
                        "Files.writeString(Path.of(\"" + after + "\"), session.range(5).count() + \" \""
                                + " + dev.headrace.Frames.runtime(session).runs().running());\r");
                await(watch, after);
                type(keys, "/exit\r");
                assertTrue(shell.waitFor(300, TimeUnit.SECONDS), "it goes on");
            } finally {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
            }
        }
        assertEquals("5 []", Files.readString(after), Files.readString(folder.resolve("shown")));
        try (Stream<Path> left = Files.walk(numbers.getParent())) {
            assertEquals(List.of(numbers.getParent()), left.toList());
        }
    }
}

package dev.headrace.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Stands in for the demo's engine where only the demo's script is tested: it runs no query.
final class IdleEngine {

    private IdleEngine() {}

    /// @param args the broker's address and the demo's directory, where the process notes that it was started and asked
    ///     to finish
    public static void main(String[] args) throws IOException {
        Path notes = Path.of(args[1]).resolve("notes");
        note(notes, "started with " + args[0]);
        System.out.println(EngineEvent.Started.LINE);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        note(notes, "asked to " + commands.readLine());
        System.out.println(EngineEvent.Finished.LINE);
    }

    private static void note(Path notes, String line) throws IOException {
        Files.writeString(notes, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}

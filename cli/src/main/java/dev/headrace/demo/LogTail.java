package dev.headrace.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The last lines of another process's log, for an error's text.
final class LogTail {
    private static final int LINES = 30;

    private LogTail() {}

    /// The lines, indented; a log that can't be read is said to be so.
    static String of(Path log) {
        try {
            List<String> all = Files.exists(log) ? Files.readAllLines(log) : List.of();
            return all.stream()
                    .skip(Math.max(0, all.size() - LINES))
                    .map(line -> "    " + line)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return "    (" + log + " can't be read: " + e + ")";
        }
    }
}

package dev.headrace.notebook;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a process prints until it is ready.
final class PrintedLine {
    private PrintedLine() {}

    /// Waits until the process prints a line in which the pattern is found. What it prints later is read and thrown
    /// away, so that it never waits for a reader.
    ///
    /// @throws AssertionError if it ends before
    static Matcher await(Process process, Pattern pattern) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder all = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher found = pattern.matcher(line);
            if (found.find()) {
                Thread.ofVirtual().start(() -> drain(lines));
                return found;
            }
            all.append(line).append('\n');
        }
        throw new AssertionError("ended before it was ready: " + process.info() + "\n" + all);
    }

    private static void drain(BufferedReader lines) {
        try {
            while (lines.readLine() != null) {
                continue;
            }
        } catch (IOException closedWithTheProcess) {
            return;
        }
    }
}

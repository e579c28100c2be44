package dev.headrace.cli;

import dev.headrace.errors.HeadraceException;
import dev.headrace.exec.ProgressTerminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the launcher runs: `sql` at once if its options are plain, and anything else by way of [Main]. This class must
/// not know picocli; see decision 150.
final class Start {
    private Start() {}

    public static void main(String[] args) {
        if (Boolean.getBoolean(ProgressTerminal.SETTING)) {
            ProgressTerminal.ofProcess();
        }
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        String jars = System.getenv(AddedJars.VARIABLE);
        if (jars != null && !jars.isEmpty()) {
            checkJars(jars, err);
        }
        List<String> words = Arrays.asList(args);
        Optional<SqlRequest> plain = !words.isEmpty() && words.getFirst().equals("sql")
                ? SqlRequest.plain(words.subList(1, words.size()))
                : Optional.empty();
        if (plain.isEmpty()) {
            Main.main(args);
            return;
        }
        end(run(plain.get(), out, err));
    }

    private static void checkJars(String jars, PrintWriter err) {
        try {
            AddedJars.of(AddedJars.VARIABLE, List.of(jars)).requireOn(ChildJvm.classPath());
        } catch (HeadraceException failed) {
            System.exit(ExitCode.of(failed, err));
        }
    }

    /// Before it does anything, `System.exit` looks for a logger, for which the JVM looks into each jar of the class
    /// path. So a program that has done what it should returns, if that ends the process.
    private static void end(int code) {
        if (code == ExitCode.INTERRUPTED) {
            Interrupts.endProcess();
        }
        if (code != 0
                || !isLast(Thread.currentThread(), Thread.getAllStackTraces().keySet())) {
            System.exit(code);
        }
    }

    /// Whether the process ends when this thread does.
    static boolean isLast(Thread thread, Set<Thread> running) {
        return running.stream().allMatch(one -> one.isDaemon() || one.equals(thread));
    }

    private static int run(SqlRequest request, PrintWriter out, PrintWriter err) {
        try {
            request.run(out, err);
            return 0;
        } catch (RuntimeException failed) {
            return ExitCode.of(failed, err);
        }
    }
}

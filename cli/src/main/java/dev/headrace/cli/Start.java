package dev.headrace.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What the launcher runs: `sql` at once if its options are plain, and anything else by way of [Main]. This class must
/// not know picocli; see decision 150.
final class Start {
    private Start() {}

    public static void main(String[] args) {
        List<String> words = Arrays.asList(args);
        Optional<SqlRequest> plain = !words.isEmpty() && words.getFirst().equals("sql")
                ? SqlRequest.plain(words.subList(1, words.size()))
                : Optional.empty();
        if (plain.isEmpty()) {
            Main.main(args);
            return;
        }
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(plain.get(), out, err));
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

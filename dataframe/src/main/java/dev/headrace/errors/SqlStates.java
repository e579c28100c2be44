package dev.headrace.errors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The SQLSTATEs of error conditions, which scripts and programs that know SQL's standard tell errors by.
final class SqlStates {
    private SqlStates() {}

    /// Read when the first is asked for.
    private static final class Known {
        static final Map<String, String> STATES = read();

        private static Map<String, String> read() {
            try (InputStream file = Objects.requireNonNull(SqlStates.class.getResourceAsStream("conditions.txt"))) {
                Map<String, String> states = new HashMap<>();
                new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .map(line -> List.of(line.split(" ")))
                        .forEach(words -> states.put(words.getFirst(), words.get(1)));
                return states;
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    /// @param code of an error, of which the part before a dot counts
    static Optional<String> of(String code) {
        int dot = code.indexOf('.');
        return Optional.ofNullable(Known.STATES.get(dot < 0 ? code : code.substring(0, dot)));
    }
}

package dev.headrace;

import dev.headrace.errors.QueryException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads Spark's master URLs, of which those for one machine have a meaning here.
final class Master {
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d+)(?:,\\s*\\d+)?])?");

    private Master() {}

    /// The number of threads, if the URL says one.
    ///
    /// @throws QueryException `UNSUPPORTED_MASTER` if it is not `local`, `local[n]` or `local[*]`
    static Optional<String> parallelism(String master) {
        Matcher matcher = LOCAL.matcher(master.trim());
        if (!matcher.matches()) {
            throw new QueryException(
                    "UNSUPPORTED_MASTER",
                    "master(\"" + master + "\"): Headrace runs in this process, on one machine. Leave master(…) out, or"
                            + " write local[*] or local[4].");
        }
        String threads = matcher.group(1);
        if (threads == null) {
            return Optional.of("1");
        }
        return threads.equals("*") ? Optional.empty() : Optional.of(threads);
    }
}

package dev.headrace.errors;

import java.util.regex.Pattern;

/// What messages and listings leave out.
public final class Secrets {
    /// What stands in place of a secret, as in Spark.
    public static final String REDACTED = "*********(redacted)";

    /// Options whose values are nobody's business, by what Spark leaves out, too.
    private static final Pattern OPTIONS =
            Pattern.compile("(?i)secret|password|token|access[.]?key|credential|jaas|url");

    /// Behind `://`, what may be a user and a password: up to an `@`, with a colon in it that no port follows. A
    /// password may have a slash in it.
    private static final Pattern LOGIN = Pattern.compile("(?<=://)(?!\\[?[^/@:]*:\\d*(?:/|$))[^/@]*:.*@");

    private Secrets() {}

    /// Whether the option's value must not be shown.
    public static boolean isSecret(String option) {
        return OPTIONS.matcher(option).find();
    }

    /// A path or URI as a user gave it, without the user and password in it. Rather too much is left out than too
    /// little.
    public static String withoutLogin(String path) {
        return LOGIN.matcher(path).replaceAll(REDACTED + "@");
    }
}

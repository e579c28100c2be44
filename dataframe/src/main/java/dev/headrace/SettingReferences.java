package dev.headrace;

import dev.headrace.errors.QueryException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts the values of settings into the text of a statement, before it is read: `${my.key}` and, as Spark has it from
/// Hive, `${hiveconf:my.key}`. What is no setting stays as it is.
final class SettingReferences {
    private static final String SUBSTITUTE = "spark.sql.variable.substitute";
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{(?:(?:spark|sparkconf|hivevar|hiveconf):)?([^\\s:}]+)}");

    private final RuntimeConfig conf;

    SettingReferences(RuntimeConfig conf) {
        this.conf = conf;
    }

    /// @throws QueryException `INVALID_CONFIG` for a setting whose value needs itself
    String replaced(String text) {
        boolean on = Boolean.parseBoolean(conf.get(SUBSTITUTE, "true"));
        return on && text.contains("${") ? replaced(text, Set.of()) : text;
    }

    /// @param within the settings whose values the text is in
    private String replaced(String text, Set<String> within) {
        return REFERENCE
                .matcher(text)
                .replaceAll(reference -> Matcher.quoteReplacement(
                        value(reference.group(1), within).orElse(reference.group())));
    }

    private Optional<String> value(String key, Set<String> within) {
        if (within.contains(key)) {
            throw new QueryException("INVALID_CONFIG", "The value of the setting '" + key + "' refers to itself.");
        }
        Set<String> inside = new HashSet<>(within);
        inside.add(key);
        return conf.find(key).map(value -> replaced(value, inside));
    }
}

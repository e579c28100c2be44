package dev.headrace.connector;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Secrets;
import dev.headrace.errors.Suggestion;
import dev.headrace.plan.IntervalText;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the user said about a table or sink to open.
///
/// @param format the connector's name
/// @param options keys in any case, compared without it
/// @param schema the schema the user gave, if any
/// @param paths where the data lies, for connectors that have paths
/// @param partitionColumns for writes: the columns of `partitionBy`
/// @param buckets for writes of tables: how rows are dealt to files
/// @param properties for writes that make a table, anew if it is there: all that the statement says
/// @param session settings of the session that connectors may read, such as the time zone
public record ConnectorOptions(
        String format,
        Map<String, String> options,
        Optional<StructType> schema,
        List<String> paths,
        List<String> partitionColumns,
        Optional<Buckets> buckets,
        Optional<Map<String, String>> properties,
        SessionSettings session) {

    private static final Pattern ABBREVIATED = Pattern.compile("(\\d+)\\s*(ms|s|m|min|h|d)");

    public ConnectorOptions {
        TreeMap<String, String> ignoringCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ignoringCase.putAll(options);
        options = java.util.Collections.unmodifiableMap(ignoringCase);
        paths = List.copyOf(paths);
        partitionColumns = List.copyOf(partitionColumns);
        properties = properties.map(Map::copyOf);
    }

    /// Without buckets, of no statement that makes a table.
    public ConnectorOptions(
            String format,
            Map<String, String> options,
            Optional<StructType> schema,
            List<String> paths,
            List<String> partitionColumns,
            SessionSettings session) {
        this(format, options, schema, paths, partitionColumns, Optional.empty(), Optional.empty(), session);
    }

    /// The same without an option.
    public ConnectorOptions without(String key) {
        Map<String, String> rest = new TreeMap<>(options);
        rest.keySet().removeIf(key::equalsIgnoreCase);
        return new ConnectorOptions(format, rest, schema, paths, partitionColumns, buckets, properties, session);
    }

    /// The same with another schema, if one was given.
    public ConnectorOptions withSchema(UnaryOperator<StructType> change) {
        return new ConnectorOptions(
                format, options, schema.map(change), paths, partitionColumns, buckets, properties, session);
    }

    public Optional<String> get(String key) {
        return Optional.ofNullable(options.get(key));
    }

    public String get(String key, String orElse) {
        return options.getOrDefault(key, orElse);
    }

    /// @throws QueryException `INVALID_OPTION` if it is neither true nor false
    public boolean flag(String key, boolean orElse) {
        String value = options.get(key);
        if (value == null) {
            return orElse;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(key, "true or false");
        };
    }

    /// A flag that the session may set where it is not said.
    ///
    /// @throws QueryException `INVALID_OPTION` if it is neither true nor false
    public boolean flag(String key, String setting) {
        return flag(key, Boolean.parseBoolean(session.conf().getOrDefault(setting, "false")));
    }

    /// @throws QueryException `INVALID_OPTION` if it is not a whole number
    public Optional<Long> number(String key) {
        String value = options.get(key);
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(value.trim()));
        } catch (NumberFormatException notANumber) {
            throw invalid(key, "a whole number");
        }
    }

    /// A time as `10 minutes`, or as `10m` (`ms`, `s`, `m` or `min`, `h`, `d`).
    ///
    /// @throws QueryException `INVALID_OPTION` if it is neither
    public Optional<Duration> duration(String key) {
        String value = options.get(key);
        if (value == null) {
            return Optional.empty();
        }
        Matcher abbreviated = ABBREVIATED.matcher(value.trim().toLowerCase(Locale.ROOT));
        try {
            long micros = IntervalText.micros(
                    abbreviated.matches() ? abbreviated.group(1) + " " + unit(abbreviated.group(2)) : value);
            return Optional.of(Duration.of(micros, ChronoUnit.MICROS));
        } catch (QueryException noInterval) {
            throw invalid(key, "a time such as '10 minutes' or '10m'");
        }
    }

    private static String unit(String abbreviation) {
        return switch (abbreviation) {
            case "ms" -> "milliseconds";
            case "s" -> "seconds";
            case "h" -> "hours";
            case "d" -> "days";
            default -> "minutes";
        };
    }

    /// The error for an option whose value is not one of what is expected.
    public QueryException invalid(String key, String expected) {
        return new QueryException(
                "INVALID_OPTION",
                "format(\"" + format + "\") option '" + key + "' is '" + options.get(key) + "': expected " + expected
                        + ".");
    }

    /// Refuses options that the connector doesn't know.
    ///
    /// @param known the options' names
    /// @param prefixes prefixes of options that are passed on, such as `kafka.`
    /// @throws QueryException `UNKNOWN_OPTION` with a suggestion
    public void checkKnown(Collection<String> known, String... prefixes) {
        List<String> unknown = new ArrayList<>(options.keySet());
        unknown.removeIf(key -> known.stream().anyMatch(key::equalsIgnoreCase));
        Predicate<String> passedOn = key -> List.of(prefixes).stream()
                .anyMatch(p -> key.toLowerCase(Locale.ROOT).startsWith(p));
        unknown.removeIf(passedOn);
        if (!unknown.isEmpty()) {
            String key = unknown.getFirst();
            throw new QueryException(
                    "UNKNOWN_OPTION",
                    "format(\"" + format + "\") has no option '" + key + "'. " + Suggestion.didYouMean(key, known)
                            + " Options: " + String.join(", ", new java.util.TreeSet<>(known)) + ".");
        }
    }

    /// The only path.
    ///
    /// @throws QueryException `MISSING_PATH`, also for an empty one, or `TOO_MANY_PATHS`
    public String singlePath() {
        if (paths.isEmpty()) {
            throw new QueryException(
                    "MISSING_PATH",
                    "format(\"" + format + "\") needs a path: give it to load(\"…\"), save(\"…\") or start(\"…\"), or "
                            + "set the option 'path'.");
        }
        if (paths.size() > 1) {
            throw new QueryException(
                    "TOO_MANY_PATHS",
                    "format(\"" + format + "\") takes one path, not " + paths.size() + ": "
                            + paths.stream().map(Secrets::withoutLogin).toList());
        }
        return notEmpty(paths.getFirst());
    }

    /// A path, unless it is empty: that would mean the directory that the program runs in.
    ///
    /// @throws QueryException `MISSING_PATH`
    public String notEmpty(String path) {
        if (path.isBlank()) {
            throw new QueryException(
                    "MISSING_PATH",
                    "format(\"" + format
                            + "\"): the path is an empty text. Write '.' for the directory that the program"
                            + " runs in.");
        }
        return path;
    }
}

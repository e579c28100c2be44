package dev.headrace.parse;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The options of a format or of a function such as `from_json`, with errors that name it.
///
/// @param owner who takes the options, such as `format("json")` or `from_json`
/// @param options keys in any case, compared without it
public record FormatOptions(String owner, Map<String, String> options) {
    public FormatOptions {
        TreeMap<String, String> ignoringCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ignoringCase.putAll(options);
        options = java.util.Collections.unmodifiableMap(ignoringCase);
    }

    /// The names of several lists.
    @SafeVarargs
    public static List<String> joined(List<String>... lists) {
        return Arrays.stream(lists).flatMap(List::stream).toList();
    }

    /// Refuses options that the owner doesn't know.
    ///
    /// @throws QueryException `UNKNOWN_OPTION` with a suggestion
    public void checkKnown(Collection<String> known) {
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(known);
        for (String key : options.keySet()) {
            if (!names.contains(key)) {
                throw new QueryException(
                        "UNKNOWN_OPTION",
                        owner + " has no option '" + key + "'. " + Suggestion.didYouMean(key, names) + " Options: "
                                + String.join(", ", names) + ".");
            }
        }
    }

    /// The others.
    public FormatOptions without(String key) {
        TreeMap<String, String> others = new TreeMap<>(options);
        others.keySet().removeIf(key::equalsIgnoreCase);
        return new FormatOptions(owner, others);
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

    /// @throws QueryException `INVALID_OPTION` if it is not one of the names of `choices`, in any case
    public <E extends Enum<E>> E choice(String key, Class<E> choices, E orElse) {
        String value = options.get(key);
        if (value == null) {
            return orElse;
        }
        List<E> all = List.of(choices.getEnumConstants());
        return all.stream()
                .filter(choice -> choice.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> invalid(key, "one of " + Arrays.toString(choices.getEnumConstants())));
    }

    /// @throws QueryException `INVALID_OPTION` if it is not a number above 0 and up to 1
    public double ratio(String key, double orElse) {
        String value = options.get(key);
        if (value == null) {
            return orElse;
        }
        try {
            double ratio = Double.parseDouble(value);
            if (ratio > 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException _) {
            throw invalid(key, "a number above 0 and up to 1");
        }
        throw invalid(key, "a number above 0 and up to 1");
    }

    /// @param least the least that is allowed
    /// @throws QueryException `INVALID_OPTION` if it is not a whole number of at least `least`
    public int whole(String key, int least, int orElse) {
        String value = options.get(key);
        if (value == null) {
            return orElse;
        }
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException _) {
            throw invalid(key, "a whole number of at least " + least);
        }
        throw invalid(key, "a whole number of at least " + least);
    }

    /// @throws QueryException `INVALID_OPTION` if it is not the name of a time zone
    public ZoneId zone(String key, ZoneId orElse) {
        String value = options.get(key);
        if (value == null) {
            return orElse;
        }
        try {
            return ZoneId.of(value);
        } catch (DateTimeException noZone) {
            throw invalid(key, "a time zone such as UTC, +01:00 or Europe/Berlin");
        }
    }

    /// The character set that one of these options names; UTF-8 without them.
    ///
    /// @throws QueryException `INVALID_OPTION` if there is no such character set
    public Charset charset(String... keys) {
        for (String key : keys) {
            String name = options.get(key);
            if (name != null) {
                try {
                    return Charset.forName(name);
                } catch (IllegalArgumentException unknown) {
                    throw invalid(key, "the name of a character set such as UTF-8, UTF-16LE or ISO-8859-1");
                }
            }
        }
        return StandardCharsets.UTF_8;
    }

    public Locale locale(String key) {
        return get(key).map(Locale::forLanguageTag).orElse(Locale.US);
    }

    /// The error for an option whose value is not one of what is expected.
    public QueryException invalid(String key, String expected) {
        return new QueryException(
                "INVALID_OPTION",
                owner + " option '" + key + "' is '" + options.get(key) + "': expected " + expected + ".");
    }
}

package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// Functions of regular expressions, which are Java's.
public final class RegexFunctions {
    private static final int MOST_CACHED = 1000;
    private static final ConcurrentHashMap<Slice, Regex> KNOWN = new ConcurrentHashMap<>();

    private RegexFunctions() {}

    static Regex regex(Slice regex) {
        Regex known = KNOWN.get(regex);
        if (known != null) {
            return known;
        }
        Regex compiled = Regex.compile(regex.toString());
        if (KNOWN.size() < MOST_CACHED) {
            KNOWN.put(regex.copy(), compiled);
        }
        return compiled;
    }

    private static Matcher matcher(Slice text, Slice regex) {
        return regex(regex).matcher(text.toString());
    }

    public static boolean rlike(Slice text, Slice regex) {
        return Regex.find(matcher(text, regex));
    }

    public static Slice replace(Slice text, Slice regex, Slice replacement) {
        return replace(text, regex, replacement, 1);
    }

    public static Slice replace(Slice text, Slice regex, Slice replacement, int position) {
        if (position < 1) {
            throw new DataException(
                    "INVALID_PARAMETER_VALUE",
                    "regexp_replace: the position is " + position + ". Positions are counted from 1.");
        }
        String all = text.toString();
        Regex compiled = regex(regex);
        // Also an empty match lies before the end of what is looked at.
        if (position > 1 && position > all.length()) {
            return text;
        }
        Matcher matcher = compiled.matcher(all).region(position - 1, all.length());
        StringBuilder out = new StringBuilder();
        try {
            while (Regex.find(matcher)) {
                matcher.appendReplacement(out, replacement.toString());
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            throw new DataException(
                    "INVALID_REGEXP_REPLACE",
                    "regexp_replace: '" + replacement + "' is no replacement for '" + regex + "': " + wrong.getMessage()
                            + ".",
                    wrong);
        }
        return Slice.utf8(matcher.appendTail(out).toString());
    }

    public static Slice extract(Slice text, Slice regex) {
        return extract(text, regex, 1);
    }

    public static Slice extract(Slice text, Slice regex, int group) {
        Matcher matcher = matcher(text, regex);
        return Regex.find(matcher) ? groupText("regexp_extract", regex, matcher, group) : Utf8.EMPTY;
    }

    public static List<@Nullable Object> extractAll(Slice text, Slice regex) {
        return extractAll(text, regex, 1);
    }

    public static List<@Nullable Object> extractAll(Slice text, Slice regex, int group) {
        Matcher matcher = matcher(text, regex);
        List<@Nullable Object> found = new ArrayList<>();
        while (Regex.find(matcher)) {
            found.add(groupText("regexp_extract_all", regex, matcher, group));
        }
        return found;
    }

    private static Slice groupText(String function, Slice regex, Matcher matcher, int group) {
        checkGroup(function, regex, group, matcher);
        String found = matcher.group(group);
        return found == null ? Utf8.EMPTY : Slice.utf8(found);
    }

    private static void checkGroup(String function, Slice regex, int group, Matcher matcher) {
        if (group < 0 || group > matcher.groupCount()) {
            throw new DataException(
                    "INVALID_REGEX_GROUP_INDEX",
                    function + ": there is no group " + group + " in '" + regex + "', which has " + matcher.groupCount()
                            + ".");
        }
    }

    public static int count(Slice text, Slice regex) {
        Matcher matcher = matcher(text, regex);
        int matches = 0;
        while (Regex.find(matcher)) {
            matches++;
        }
        return matches;
    }

    public static List<@Nullable Object> split(Slice text, Slice regex) {
        return split(text, regex, -1);
    }

    public static List<@Nullable Object> split(Slice text, Slice regex, int limit) {
        List<@Nullable Object> parts = new ArrayList<>();
        int most = limit <= 0 ? -1 : limit;
        if (regex.isEmpty()) {
            return characters(text, most);
        }
        for (String part : regex(regex).split(text.toString(), most)) {
            parts.add(Slice.utf8(part));
        }
        return parts;
    }

    /// An empty regular expression splits between all characters.
    private static List<@Nullable Object> characters(Slice text, int most) {
        List<@Nullable Object> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length() && (most < 0 || parts.size() < most)) {
            int next = Utf8.advance(text, at, 1);
            parts.add(text.subslice(at, next - at));
            at = next;
        }
        if (parts.isEmpty()) {
            parts.add(Utf8.EMPTY);
        }
        return parts;
    }

    /// The position of the first match, from 1; 0 if there is none.
    public static int instr(Slice text, Slice regex) {
        Matcher matcher = matcher(text, regex);
        return Regex.find(matcher) ? matcher.start() + 1 : 0;
    }

    /// As Spark does it, the group is not looked at.
    public static int instr(Slice text, Slice regex, int group) {
        return instr(text, regex);
    }

    /// The first match, null if there is none.
    public static @Nullable Slice substr(Slice text, Slice regex) {
        Matcher matcher = matcher(text, regex);
        return Regex.find(matcher) && !matcher.group().isEmpty() ? Slice.utf8(matcher.group()) : null;
    }
}

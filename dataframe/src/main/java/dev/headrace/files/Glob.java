package dev.headrace.files;

import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A pattern for one part of a path: `*`, `?`, `[a-z]`, `[^a-z]`, `{csv,json}`; a backslash makes the next character
/// plain.
final class Glob {
    private Glob() {}

    static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '{');
    }

    /// The pattern as a regular expression for whole names.
    ///
    /// @throws QueryException `INVALID_PATH_PATTERN` for brackets or braces that are not closed
    static Pattern compile(String glob) {
        StringBuilder regex = new StringBuilder();
        int braces = 0;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '\\' -> regex.append(Pattern.quote(i + 1 < glob.length() ? glob.substring(++i, i + 1) : "\\"));
                case '*' -> regex.append("[^/]*");
                case '?' -> regex.append("[^/]");
                case '[' -> i = appendClass(glob, i, regex);
                case '{' -> {
                    regex.append("(?:");
                    braces++;
                }
                case '}' -> {
                    regex.append(braces > 0 ? ")" : "\\}");
                    braces = Math.max(0, braces - 1);
                }
                case ',' -> regex.append(braces > 0 ? "|" : ",");
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        if (braces > 0) {
            throw invalid(glob, "a closing '}'");
        }
        try {
            return Pattern.compile(regex.toString());
        } catch (PatternSyntaxException badClass) {
            throw new QueryException(
                    "INVALID_PATH_PATTERN",
                    "The path pattern '" + glob + "' can't be used: " + badClass.getDescription() + ".",
                    badClass);
        }
    }

    private static int appendClass(String glob, int open, StringBuilder regex) {
        int close = glob.indexOf(']', open + 2);
        if (close < 0) {
            throw invalid(glob, "a closing ']'");
        }
        String members = glob.substring(open + 1, close)
                .replace("\\", "\\\\")
                .replace("[", "\\[")
                .replace("&&", "&\\&");
        regex.append('[')
                .append(members.startsWith("!") ? "^" + members.substring(1) : members)
                .append(']');
        return close;
    }

    private static QueryException invalid(String glob, String expected) {
        return new QueryException(
                "INVALID_PATH_PATTERN",
                "The path pattern '" + glob + "' lacks " + expected
                        + ". Put a backslash before a character that is meant " + "literally.");
    }

    /// The pattern's alternatives when braces span several path parts, as in `/data/{a/b,c}/x`; else just the pattern.
    static List<String> alternatives(String path) {
        int open = path.indexOf('{');
        while (open >= 0) {
            int close = closing(path, open);
            if (close > 0 && path.substring(open, close).contains("/")) {
                List<String> all = new ArrayList<>();
                for (String choice : choices(path.substring(open + 1, close))) {
                    all.addAll(alternatives(path.substring(0, open) + choice + path.substring(close + 1)));
                }
                return all;
            }
            open = path.indexOf('{', open + 1);
        }
        return List.of(path);
    }

    private static int closing(String path, int open) {
        int depth = 0;
        for (int i = open; i < path.length(); i++) {
            depth += path.charAt(i) == '{' ? 1 : path.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> choices(String inBraces) {
        List<String> choices = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < inBraces.length(); i++) {
            char c = inBraces.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && depth == 0) {
                choices.add(inBraces.substring(start, i));
                start = i + 1;
            }
        }
        choices.add(inBraces.substring(start));
        return choices;
    }
}

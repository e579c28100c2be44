package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.errors.DataException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression, of which each match ends when the query is to stop, also one that would take years.
///
/// @param pattern what it is to Java
/// @param mostUnwatched the length of the longest text of which a match surely is short
record Regex(Pattern pattern, int mostUnwatched) {
    /// How many steps are taken in milliseconds.
    private static final double SHORT_STEPS = 1 << 21;
    /// `{4}`, or what is no repetition such as `\p{L}`.
    private static final Pattern FEW_TIMES = Pattern.compile("\\{(\\d{1,2}|[^\\d,}][^,}]*)}");
    /// A group that is repeated, or looks back and forth.
    private static final Pattern UNKNOWN = Pattern.compile("[)][*+{]|[(][?](?!:|i[)])");
    private static final Pattern LAST_REPEATS = Pattern.compile("[^\\\\][*+][)]*+\\z");

    /// @throws DataException `INVALID_REGEXP`
    static Regex compile(String regex) {
        try {
            return new Regex(Pattern.compile(regex), mostUnwatched(regex));
        } catch (PatternSyntaxException wrong) {
            throw new DataException(
                    "INVALID_REGEXP",
                    "'" + regex + "' is not a regular expression: " + wrong.getDescription() + " near position "
                            + wrong.getIndex() + ".",
                    wrong);
        } catch (StackOverflowError wrong) {
            throw new DataException("INVALID_REGEXP", "A regular expression has groups within too many others.", wrong);
        }
    }

    /// A match tries every place of the text; from each, every count of each repetition with every choice, unless one
    /// repeats another. What of an expression's text only looks like a repetition or a choice is taken for one.
    private static int mostUnwatched(String regex) {
        int repetitions = 0;
        double choices = 1;
        int alternatives = 1;
        for (int i = 0; i < regex.length(); i++) {
            char next = i + 1 < regex.length() ? regex.charAt(i + 1) : ' ';
            switch (regex.charAt(i)) {
                case '*', '+' -> repetitions++;
                case '{' ->
                    repetitions +=
                            FEW_TIMES.matcher(regex).region(i, regex.length()).lookingAt() ? 0 : 1;
                case '?' -> choices *= 2;
                case '|' -> alternatives++;
                case '\\' -> {
                    repetitions += next == 'k' || Character.isDigit(next) ? 1 : 0;
                    i++;
                }
                case '(', ')' -> {
                    if (UNKNOWN.matcher(regex).region(i, regex.length()).lookingAt()) {
                        return 0;
                    }
                    i += next == '?' && regex.charAt(i) == '(' ? 1 : 0;
                    choices *= alternatives;
                    alternatives = 1;
                }
                default -> {}
            }
        }
        boolean oneBranch = regex.indexOf('|') < 0;
        // Nothing behind the last one fails, so that it would be tried with another count.
        int tried = repetitions - (oneBranch && LAST_REPEATS.matcher(regex).find() ? 1 : 0);
        int places = oneBranch && regex.startsWith("^") ? 0 : 1;
        return (int) Math.pow(SHORT_STEPS / (choices * alternatives), 1.0 / Math.max(1, tried + places)) - 1;
    }

    Matcher matcher(String text) {
        return pattern.matcher(watched(text));
    }

    private CharSequence watched(String text) {
        return text.length() <= mostUnwatched ? text : new WatchedText(text);
    }

    /// @param most as in [Pattern#split(CharSequence, int)]
    /// @throws DataException `REGEXP_TOO_DEEP` if the match takes more of the stack than the thread has
    String[] split(String text, int most) {
        try {
            return pattern.split(watched(text), most);
        } catch (StackOverflowError tooDeep) {
            throw tooDeep(pattern, tooDeep);
        }
    }

    /// @throws DataException `REGEXP_TOO_DEEP` if the match takes more of the stack than the thread has
    static boolean find(Matcher matcher) {
        try {
            return matcher.find();
        } catch (StackOverflowError tooDeep) {
            throw tooDeep(matcher.pattern(), tooDeep);
        }
    }

    private static DataException tooDeep(Pattern pattern, StackOverflowError cause) {
        return new DataException(
                "REGEXP_TOO_DEEP",
                "'" + pattern + "' repeats a group too often in a long text. An expression without it, such as"
                        + " '[ab]*' for '(a|b)*', or one that doesn't go back, such as '(a|b)*+', has no such limit.",
                cause);
    }

    /// A text that asks whether the query is to stop, once in thousands of characters that are looked at.
    private static final class WatchedText implements CharSequence {
        private static final int CHARACTERS = 1 << 14;

        private final String text;
        private int left = CHARACTERS;

        WatchedText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                left = CHARACTERS;
                Cancellation.checkThread();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.substring(from, to);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

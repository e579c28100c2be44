package dev.headrace.errors;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the name that somebody probably meant.
public final class Suggestion {

    private Suggestion() {}

    /// A sentence to end an error's text with: `Did you mean 'amount'?`, or the empty string when nothing is near.
    ///
    /// A text may end with a blank before it; [HeadraceException] strips what is left over.
    ///
    /// @param wrong what was written
    /// @param candidates what would have been right; empty is fine
    public static String didYouMean(String wrong, Collection<String> candidates) {
        return closest(wrong, candidates)
                .map(name -> "Did you mean '" + name + "'?")
                .orElse("");
    }

    /// The candidate with the fewest differing letters, if at most a third of them (at least one) differ, and not all
    /// of them; letter case does not count. Of equally near ones the alphabetically first, so that messages are stable.
    public static Optional<String> closest(String wrong, Collection<String> candidates) {
        String lower = wrong.toLowerCase(Locale.ROOT);
        int limit = Math.max(1, wrong.length() / 3);
        return candidates.stream()
                .map(name -> new Near(name, distance(lower, name.toLowerCase(Locale.ROOT), limit)))
                .filter(near -> near.distance <= limit && near.distance < Math.max(wrong.length(), near.name.length()))
                .min(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .map(Near::name);
    }

    private record Near(String name, int distance) {}

    /// Edits (insert, delete, replace, swap of neighbours) between two words, or more than `limit` if it is more.
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
            return limit + 1;
        }
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}

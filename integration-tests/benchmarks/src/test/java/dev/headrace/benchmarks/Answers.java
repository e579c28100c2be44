package dev.headrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Rows as texts, so that answers of different engines can be compared: one has decimals where the other has doubles.
public final class Answers {
    private Answers() {}

    /// Numbers have this many decimal places.
    public static List<String> texts(List<List<Object>> rows, int places) {
        List<String> texts = new ArrayList<>();
        for (List<Object> row : rows) {
            texts.add(String.join(
                    ", ", row.stream().map(value -> text(value, places)).toList()));
        }
        return texts;
    }

    private static String text(@Nullable Object value, int places) {
        return value instanceof Number number
                ? String.format(Locale.ROOT, "%." + places + "f", number.doubleValue())
                : String.valueOf(value);
    }
}

package dev.headrace.variant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A path into a variant, such as `$.items[0].id`: `.name`, `['name']` or `["name"]` for a field, `[n]` for an element.
public final class VariantPath {
    private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|\\.([^.\\[]+)|\\['([^']*)']|\\[\"([^\"]*)\"]");

    private sealed interface Step {
        record Field(String name) implements Step {}

        record Element(int index) implements Step {}
    }

    private final List<Step> steps;

    private VariantPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /// The path that a text means; empty if it means none.
    public static Optional<VariantPath> parse(String text) {
        if (!text.startsWith("$")) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        Matcher step = STEP.matcher(text).region(1, text.length());
        int at = 1;
        while (step.lookingAt()) {
            if (step.group(1) != null) {
                if (step.group(1).length() > 9) {
                    return Optional.empty();
                }
                steps.add(new Step.Element(Integer.parseInt(step.group(1))));
            } else {
                int group = step.group(2) != null ? 2 : step.group(3) != null ? 3 : 4;
                steps.add(new Step.Field(step.group(group)));
            }
            at = step.end();
            step.region(at, text.length());
        }
        return at == text.length() ? Optional.of(new VariantPath(steps)) : Optional.empty();
    }

    /// What lies there; empty if nothing does.
    public Optional<Variant> find(Variant variant) {
        Optional<Variant> found = Optional.of(variant);
        for (Step step : steps) {
            found = switch (step) {
                case Step.Field(String name) -> found.flatMap(object -> object.field(name));
                case Step.Element(int index) -> found.flatMap(array -> array.element(index));
            };
        }
        return found;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VariantPath path && steps.equals(path.steps);
    }

    @Override
    public int hashCode() {
        return steps.hashCode();
    }
}

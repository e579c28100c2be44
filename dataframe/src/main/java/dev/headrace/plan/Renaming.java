package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Analyzes the projections that only leave out or rename columns.
final class Renaming {
    private Renaming() {}

    static Resolved some(Analyzer analyzer, Resolved input, Map<String, String> names) {
        List<ProjectAnalysis.Item> items = new ArrayList<>();
        for (int i = 0; i < input.scope().entries().size(); i++) {
            Scope.Entry entry = input.scope().entries().get(i);
            String newName = names.entrySet().stream()
                    .filter(renamed -> renamed.getKey().equalsIgnoreCase(entry.name()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(entry.name());
            items.add(new ProjectAnalysis.Item.Keep(i, renamed(entry, newName)));
        }
        return ProjectAnalysis.of(analyzer, "withColumnRenamed(…)", input, items);
    }

    static Resolved all(Analyzer analyzer, Resolved input, List<String> names) {
        int columns = input.schema().size();
        if (names.size() != columns) {
            throw new QueryException(
                    "NUM_COLUMNS_MISMATCH",
                    "toDF(…) gives " + names.size() + " names to " + columns + " columns: " + input.scope() + ".");
        }
        List<ProjectAnalysis.Item> items = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            items.add(new ProjectAnalysis.Item.Keep(
                    i, renamed(input.scope().entries().get(i), names.get(i))));
        }
        return ProjectAnalysis.of(analyzer, "toDF(…)", input, items);
    }

    /// A renamed column is another one: its DataFrame's `col("old name")` does not mean it.
    private static Scope.Entry renamed(Scope.Entry entry, String newName) {
        return entry.name().equals(newName) ? entry : Scope.Entry.of(newName);
    }

    static Resolved drop(Analyzer analyzer, Resolved input, List<NamedExpr> columns) {
        Scope scope = input.scope();
        Set<Integer> dropped = new HashSet<>();
        for (NamedExpr column : columns) {
            switch (column) {
                case NamedExpr.Name name when name.planId().isEmpty() && name.parts().size() == 1 ->
                    dropped.addAll(scope.named(name.parts().getFirst()));
                case NamedExpr.Name name ->
                    scope.matches(name).stream()
                            .filter(match -> match.fields().isEmpty())
                            .forEach(match -> dropped.add(match.ordinal()));
                default ->
                    throw new QueryException(
                            "UNSUPPORTED_OPERATION",
                            "drop(" + column.text() + "): only columns can be dropped, not expressions.");
            }
        }
        List<ProjectAnalysis.Item> items = new ArrayList<>();
        for (int i = 0; i < scope.entries().size(); i++) {
            if (!dropped.contains(i)) {
                items.add(new ProjectAnalysis.Item.Keep(i, scope.entries().get(i)));
            }
        }
        return ProjectAnalysis.of(analyzer, "drop(…)", input, items);
    }
}

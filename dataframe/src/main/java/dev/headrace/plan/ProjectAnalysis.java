package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Analyzes the result columns of `select` and `withColumn`: stars, `explode`, `window`.
final class ProjectAnalysis {
    private final Analyzer analyzer;
    private final String place;

    /// A result column to be: one of the input's as it is, or an expression.
    sealed interface Item {
        record Keep(int ordinal, Scope.Entry entry) implements Item {}

        record Compute(NamedExpr expr, String name) implements Item {}
    }

    private ProjectAnalysis(Analyzer analyzer, String place) {
        this.analyzer = analyzer;
        this.place = place;
    }

    static Resolved select(Analyzer analyzer, Resolved input, List<NamedExpr> columns) {
        List<Item> items = new ArrayList<>();
        for (NamedExpr column : columns) {
            items.add(new Item.Compute(column, column.outputName()));
        }
        return new ProjectAnalysis(analyzer, "select(…)").analyze(input, items);
    }

    static Resolved withColumns(Analyzer analyzer, Resolved input, List<NamedExpr.Alias> columns) {
        checkDistinct(columns);
        List<Item> items = new ArrayList<>();
        Scope scope = input.scope();
        for (int i : scope.columnsOf(null)) {
            items.add(new Item.Keep(i, scope.entries().get(i)));
        }
        int width = items.size();
        for (NamedExpr.Alias column : columns) {
            Item computed = new Item.Compute(column, column.name());
            List<Integer> replaced =
                    scope.named(column.name()).stream().filter(i -> i < width).toList();
            if (replaced.isEmpty()) {
                items.add(computed);
            } else {
                replaced.forEach(i -> items.set(i, computed));
            }
        }
        return new ProjectAnalysis(analyzer, "withColumn(…)").analyze(input, items);
    }

    private static void checkDistinct(List<NamedExpr.Alias> columns) {
        Set<String> seen = new LinkedHashSet<>();
        for (NamedExpr.Alias column : columns) {
            if (!seen.add(column.name().toLowerCase(Locale.ROOT))) {
                throw new QueryException(
                        "DUPLICATE_COLUMN", "withColumns(…) gives the column '" + column.name() + "' twice.");
            }
        }
    }

    static Resolved of(Analyzer analyzer, String place, Resolved input, List<Item> items) {
        return new ProjectAnalysis(analyzer, place).analyze(input, items);
    }

    private Resolved analyze(Resolved input, List<Item> items) {
        Optional<NamedExpr> generator = onlyGenerator(items);
        if (generator.isEmpty()) {
            return Selection.project(analyzer, place, input, input, items);
        }
        Generators.Generated generated = Generators.generate(
                input, generatorCall(generator.get()), names(generator.get()), false, Optional.empty(), place);
        List<Item> plain =
                generatedColumns(items, generator.get(), generated.resolved().scope(), generated.first());
        return Selection.project(analyzer, place, input, generated.resolved(), plain);
    }

    private static List<String> names(NamedExpr generator) {
        return generator instanceof NamedExpr.MultiAlias(NamedExpr _, List<String> names)
                ? names
                : generator.alias().map(List::of).orElse(List.of());
    }

    /// The rows in which none of the expressions is null.
    static LogicalPlan withoutNulls(LogicalPlan input, Set<BoundExpr> expressions) {
        LogicalPlan plan = input;
        for (BoundExpr expr : expressions) {
            if (expr.nullable()) {
                plan = new LogicalPlan.Filter(plan, new BoundExpr.Not(new BoundExpr.IsNull(expr)));
            }
        }
        return plan;
    }

    private static NamedExpr.Call generatorCall(NamedExpr expr) {
        return switch (expr) {
            case NamedExpr.Alias(NamedExpr.Call call, String _) -> call;
            case NamedExpr.MultiAlias(NamedExpr.Call call, List<String> _) -> call;
            default -> (NamedExpr.Call) expr;
        };
    }

    private static boolean isGenerator(NamedExpr expr) {
        return ExprBinder.isGenerator(expr)
                || expr instanceof NamedExpr.Alias(NamedExpr input, String _) && ExprBinder.isGenerator(input)
                || expr instanceof NamedExpr.MultiAlias(NamedExpr names, List<String> _)
                        && ExprBinder.isGenerator(names);
    }

    private static Optional<NamedExpr> onlyGenerator(List<Item> items) {
        List<NamedExpr> generators = items.stream()
                .filter(Item.Compute.class::isInstance)
                .map(item -> ((Item.Compute) item).expr())
                .filter(ProjectAnalysis::isGenerator)
                .toList();
        if (generators.size() > 1) {
            throw new QueryException(
                    "UNSUPPORTED_GENERATOR",
                    "One select(…) can have one of explode and posexplode, not " + generators.size() + ": "
                            + generators.get(0).text() + ", "
                            + generators.get(1).text()
                            + ". Use one select(…) after the other.");
        }
        return generators.stream().findFirst();
    }

    /// The items with the generator replaced by its columns, which follow the input's.
    private static List<Item> generatedColumns(List<Item> items, NamedExpr generator, Scope exploded, int inputSize) {
        List<Item> replaced = new ArrayList<>();
        for (Item item : items) {
            if (item instanceof Item.Compute(NamedExpr expr, String _) && expr.equals(generator)) {
                for (int i = inputSize; i < exploded.entries().size(); i++) {
                    replaced.add(new Item.Keep(i, exploded.entries().get(i)));
                }
            } else {
                replaced.add(item);
            }
        }
        return replaced;
    }
}

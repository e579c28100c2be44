package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.MapType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Analyzes the result columns of `select` and `withColumn`: stars, `explode`, `window`.
final class ProjectAnalysis {
    private final String place;
    private final Set<BoundExpr> notNull = new LinkedHashSet<>();

    /// A result column to be: one of the input's as it is, or an expression.
    sealed interface Item {
        record Keep(int ordinal, Scope.Entry entry) implements Item {}

        record Compute(NamedExpr expr, String name) implements Item {}
    }

    private ProjectAnalysis(String place) {
        this.place = place;
    }

    static Resolved select(Resolved input, List<NamedExpr> columns) {
        List<Item> items = new ArrayList<>();
        for (NamedExpr column : columns) {
            items.add(new Item.Compute(column, column.outputName()));
        }
        return new ProjectAnalysis("select(…)").analyze(input, items);
    }

    static Resolved withColumns(Resolved input, List<NamedExpr.Alias> columns) {
        checkDistinct(columns);
        List<Item> items = new ArrayList<>();
        Scope scope = input.scope();
        for (int i = 0; i < scope.entries().size(); i++) {
            items.add(new Item.Keep(i, scope.entries().get(i)));
        }
        for (NamedExpr.Alias column : columns) {
            Item computed = new Item.Compute(column, column.name());
            List<Integer> replaced = scope.named(column.name());
            if (replaced.isEmpty()) {
                items.add(computed);
            } else {
                replaced.forEach(i -> items.set(i, computed));
            }
        }
        return new ProjectAnalysis("withColumn(…)").analyze(input, items);
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

    static Resolved of(String place, Resolved input, List<Item> items) {
        return new ProjectAnalysis(place).analyze(input, items);
    }

    private Resolved analyze(Resolved input, List<Item> items) {
        Resolved from = input;
        List<Item> plain = items;
        Optional<NamedExpr> generator = onlyGenerator(items);
        if (generator.isPresent()) {
            from = explode(
                    input, generatorCall(generator.get()), generator.get().alias());
            plain = generatedColumns(
                    items, generator.get(), from.scope(), input.schema().size());
        }
        List<OutputColumn> columns = new ArrayList<>();
        List<Scope.Entry> entries = new ArrayList<>();
        Scope scope = input.scope();
        ExprBinder binder = ExprBinder.in(scope, place).withWindows(notNull::add);
        for (Item item : plain) {
            switch (item) {
                case Item.Keep(int ordinal, Scope.Entry entry) -> {
                    columns.add(new OutputColumn(entry.name(), from.scope().column(ordinal)));
                    entries.add(entry);
                }
                case Item.Compute(NamedExpr.Star star, String _) ->
                    StarColumns.of(star, scope).forEach(column -> {
                        columns.add(column);
                        entries.add(entry(scope, column));
                    });
                case Item.Compute(NamedExpr expr, String name) -> {
                    OutputColumn column = new OutputColumn(name, binder.bind(expr));
                    columns.add(column);
                    entries.add(expr instanceof NamedExpr.Alias ? Scope.Entry.of(name) : entry(scope, column));
                }
            }
        }
        Resolved filtered = withoutNulls(from, notNull);
        LogicalPlan.Project project = new LogicalPlan.Project(filtered.plan(), columns);
        return Resolved.selected(project, new Scope(entries, project.schema()), filtered);
    }

    private static Scope.Entry entry(Scope scope, OutputColumn column) {
        return scope.entryOf(column.expr())
                .map(entry -> entry.withName(column.name()))
                .orElseGet(() -> Scope.Entry.of(column.name()));
    }

    /// The rows in which none of the expressions is null.
    static Resolved withoutNulls(Resolved input, Set<BoundExpr> expressions) {
        LogicalPlan plan = input.plan();
        for (BoundExpr expr : expressions) {
            if (expr.nullable()) {
                plan = new LogicalPlan.Filter(plan, new BoundExpr.Not(new BoundExpr.IsNull(expr)));
            }
        }
        return Resolved.of(plan, input.scope());
    }

    private static NamedExpr.Call generatorCall(NamedExpr expr) {
        return expr instanceof NamedExpr.Alias(NamedExpr input, String _)
                ? (NamedExpr.Call) input
                : (NamedExpr.Call) expr;
    }

    private static boolean isGenerator(NamedExpr expr) {
        return ExprBinder.isGenerator(expr)
                || expr instanceof NamedExpr.Alias(NamedExpr input, String _) && ExprBinder.isGenerator(input);
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

    /// The input with the generated columns behind its own.
    private Resolved explode(Resolved input, NamedExpr.Call call, Optional<String> alias) {
        String function = call.function().toLowerCase(Locale.ROOT);
        if (call.arguments().size() != 1) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    function + "(…) takes one array or map, not "
                            + call.arguments().size() + " arguments.");
        }
        BoundExpr collection =
                ExprBinder.in(input.scope(), place).bind(call.arguments().getFirst());
        boolean withPosition = function.startsWith("pos");
        List<String> names = new ArrayList<>(withPosition ? List.of("pos") : List.of());
        switch (collection.type()) {
            case ArrayType _ -> names.add("col");
            case MapType _ -> names.addAll(List.of("key", "value"));
            default ->
                throw new QueryException(
                        "DATATYPE_MISMATCH",
                        "Argument 1 of '" + function + "' is '" + collection + "' of type "
                                + collection.type().simpleString() + ": expected an array or a map.");
        }
        if (alias.isPresent()) {
            if (names.size() > 1) {
                throw new QueryException(
                        "NUM_COLUMNS_MISMATCH",
                        "'" + call.text() + "' gives the columns " + String.join(", ", names)
                                + ", so it can't be called '" + alias.get()
                                + "'. Leave the alias out and rename the columns with withColumnRenamed(…).");
            }
            names.set(0, alias.get());
        }
        LogicalPlan.Explode plan =
                new LogicalPlan.Explode(input.plan(), collection, function.endsWith("_outer"), withPosition, names);
        List<Scope.Entry> entries = new ArrayList<>(input.scope().entries());
        names.forEach(name -> entries.add(Scope.Entry.of(name)));
        return Resolved.of(plan, new Scope(entries, plan.schema()));
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

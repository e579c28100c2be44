package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.ResultColumns.ResultColumn;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Result columns, and what is computed beneath them: `select`, `groupBy(…).agg(…)`, their HAVING and QUALIFY, and what
/// a sort on top needs.
///
/// Expressions are bound over the input's columns. What aggregates, window functions and subqueries give has
/// [Slots] of its own until [#build] puts the operators on top of each other: the input, subqueries within aggregates,
/// the aggregation, other subqueries, the condition on groups, window functions, the condition on their results, and
/// the projection. Until then more can be added from above, so a sort or a condition may ask for a copy.
final class Selection {
    private final Analyzer analyzer;
    private final String place;
    private final Resolved from;
    private final Scope scope;
    private final WindowedSource source;
    private final boolean grouped;

    private final List<OutputColumn> keys = new ArrayList<>();
    /// What is replaced by the key of the same index.
    private final List<BoundExpr> keyed = new ArrayList<>();
    /// Time windows that are keys, by the names under which the result columns may use them: `window`,
    /// `session_window` and so on.
    /// Names that several result columns have, in small letters, which no column behind them can refer to.
    private final Set<String> aliasedTwice = new HashSet<>();
    private final Map<String, BoundExpr> timeWindows = new LinkedHashMap<>();
    private final List<LogicalPlan.Aggregate.Aggregation> aggregations = new ArrayList<>();
    /// Where each stands among them: a pivot has one for each value.
    private final Map<AggregateCall, Integer> aggregationOf = new HashMap<>();
    private final List<BoundWindow> windows = new ArrayList<>();
    private final List<Subqueries.Bound> subqueries = new ArrayList<>();
    /// The values below the aggregation of subqueries that also stand in a key, by the index of their slots.
    private final Map<Integer, BoundExpr> knownBelow = new TreeMap<>();
    private final List<BoundExpr> having = new ArrayList<>();
    private final List<BoundExpr> qualify = new ArrayList<>();
    /// What is not deterministic and referred to by the name of a result column: drawn once, beneath all places.
    private final List<BoundExpr> drawn = new ArrayList<>();
    private final List<OutputColumn> outputs = new ArrayList<>();
    private final List<Scope.Entry> entries = new ArrayList<>();
    private Optional<GroupingId> groupingId = Optional.empty();
    private Optional<Firing> firing = Optional.empty();

    /// @param from what the expressions' names refer to
    private Selection(Analyzer analyzer, String place, Resolved from, WindowedSource source, boolean grouped) {
        this.analyzer = analyzer;
        this.place = place;
        this.from = from;
        this.scope = from.scope();
        this.source = source;
        this.grouped = grouped;
    }

    private Selection copy() {
        return copy(from, source.copy());
    }

    private Selection copy(Resolved newFrom, WindowedSource newSource) {
        Selection copy = new Selection(analyzer, place, newFrom, newSource, grouped);
        copy.keys.addAll(keys);
        copy.keyed.addAll(keyed);
        copy.aliasedTwice.addAll(aliasedTwice);
        copy.timeWindows.putAll(timeWindows);
        copy.aggregations.addAll(aggregations);
        copy.aggregationOf.putAll(aggregationOf);
        copy.windows.addAll(windows);
        copy.subqueries.addAll(subqueries);
        copy.knownBelow.putAll(knownBelow);
        copy.having.addAll(having);
        copy.qualify.addAll(qualify);
        copy.drawn.addAll(drawn);
        copy.outputs.addAll(outputs);
        copy.entries.addAll(entries);
        copy.groupingId = groupingId;
        copy.firing = firing;
        return copy;
    }

    // ---- Making one

    /// Result columns without aggregation.
    ///
    /// @param from what the expressions' names refer to
    /// @param source has the columns of `from` first, perhaps more behind them
    static Resolved project(
            Analyzer analyzer, String place, Resolved from, Resolved source, List<ProjectAnalysis.Item> items) {
        Selection selection = new Selection(analyzer, place, from, new WindowedSource(source.plan(), false), false);
        Map<String, BoundExpr> aliases = new LinkedHashMap<>();
        ExprBinder binder = selection.binder(place, aliases);
        for (ProjectAnalysis.Item item : items) {
            switch (item) {
                case ProjectAnalysis.Item.Keep(int ordinal, Scope.Entry entry) ->
                    selection.output(
                            new OutputColumn(
                                    entry.name(),
                                    source.scope().column(ordinal),
                                    source.scope().schema().field(ordinal).metadata()),
                            entry);
                case ProjectAnalysis.Item.Compute(NamedExpr expr, String _) ->
                    ResultColumns.of(selection.scope, expr)
                            .forEach(column -> selection.compute(column, binder, aliases));
            }
        }
        return selection.build();
    }

    /// Columns of a plan as they are bound already.
    static Resolved of(
            Analyzer analyzer, String place, Resolved from, List<OutputColumn> columns, List<Scope.Entry> entries) {
        Selection selection = new Selection(analyzer, place, from, new WindowedSource(from.plan(), false), false);
        selection.outputs.addAll(columns);
        selection.entries.addAll(entries);
        return selection.build();
    }

    /// @param columns the result columns, in which the grouping expressions may appear
    /// @param firing when a stream's groups come out
    static Resolved aggregate(
            Analyzer analyzer, Resolved input, List<NamedExpr> keys, List<NamedExpr> columns, Optional<Firing> firing) {
        Selection selection = new Selection(analyzer, "agg(…)", input, new WindowedSource(input.plan(), true), true);
        selection.firing = firing;
        ResultColumns results = ResultColumns.of(selection.scope, columns);
        for (ResultColumn key : results.meantBy(keys)) {
            BoundExpr bound = selection.bindKey(key);
            selection.keys.add(new OutputColumn(key.name(selection.scope), bound, metadata(selection.scope, bound)));
        }
        selection.computeAll(results);
        return selection.build();
    }

    /// @param sets for each grouping, the positions of its keys
    static Resolved groupingSets(
            Analyzer analyzer,
            Resolved input,
            List<NamedExpr> keys,
            List<List<Integer>> sets,
            List<NamedExpr> columns) {
        List<Integer> same =
                sameKeys(input.scope(), ResultColumns.of(input.scope(), columns).meantBy(keys));
        if (same.size() == keys.size() && IntStream.range(0, same.size()).anyMatch(i -> same.get(i) < i)) {
            List<Integer> kept = same.stream().distinct().toList();
            return groupingSets(
                    analyzer,
                    input,
                    kept.stream().map(keys::get).toList(),
                    sets.stream()
                            .map(set -> set.stream()
                                    .map(key -> kept.indexOf(same.get(key)))
                                    .distinct()
                                    .toList())
                            .toList(),
                    columns);
        }
        GroupingId id = new GroupingId(input.schema().size(), keys.size());
        Selection selection = new Selection(
                analyzer,
                "agg(…)",
                Resolved.of(input.plan(), withNullableKeys(input.scope(), keys, columns)),
                new WindowedSource(id.expand(input.plan(), sets), true),
                true);
        selection.groupingId = Optional.of(id);
        ResultColumns results = ResultColumns.of(selection.scope, columns);
        List<ResultColumn> meant = results.meantBy(keys);
        for (int i = 0; i < meant.size(); i++) {
            BoundExpr bound = selection.bindKey(meant.get(i));
            selection.keys.add(new OutputColumn(meant.get(i).name(selection.scope), id.inSets(bound, i)));
        }
        selection.keys.add(new OutputColumn(GroupingId.NAME, id.column()));
        selection.keyed.add(id.column());
        selection.computeAll(results);
        return selection.build();
    }

    /// For each key the first that is the same column, which may have been called otherwise, such as by its position.
    /// As in Spark, an alias is a key of its own.
    private static List<Integer> sameKeys(Scope scope, List<ResultColumn> keys) {
        List<Optional<BoundExpr>> columns = keys.stream()
                .map(key -> Optional.of(key.written())
                        .filter(NamedExpr.Name.class::isInstance)
                        .map(name -> ExprBinder.in(scope, "groupBy(…)").bind(name)))
                .toList();
        List<Integer> same = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            same.add(columns.get(i).isPresent() ? columns.indexOf(columns.get(i)) : Integer.valueOf(i));
        }
        return same;
    }

    /// What names refer to where each grouping leaves out keys: a key is null above the groupings that leave it out,
    /// so nothing may be bound as if it never were.
    private static Scope withNullableKeys(Scope scope, List<NamedExpr> keys, List<NamedExpr> columns) {
        BitSet used = new BitSet();
        for (ResultColumn key : ResultColumns.of(scope, columns).meantBy(keys)) {
            key.ofStar()
                    .ifPresentOrElse(
                            column -> collectColumns(column.expr(), used),
                            () -> collectColumns(key.written(), scope, used));
        }
        List<StructField> fields = new ArrayList<>(scope.schema().fieldList());
        used.stream().forEach(i -> fields.set(i, fields.get(i).withNullable(true)));
        return scope.withSchema(new StructType(fields));
    }

    private static void collectColumns(NamedExpr expr, Scope scope, BitSet columns) {
        if (expr instanceof NamedExpr.Name name) {
            scope.matches(name).forEach(match -> columns.set(match.ordinal()));
        }
        expr.operands().forEach(operand -> collectColumns(operand, scope, columns));
    }

    private static void collectColumns(BoundExpr expr, BitSet columns) {
        if (expr instanceof BoundExpr.Column column) {
            columns.set(column.ordinal());
        }
        expr.operands().forEach(operand -> collectColumns(operand, columns));
    }

    private void computeAll(ResultColumns results) {
        Map<String, BoundExpr> aliases = new LinkedHashMap<>();
        ExprBinder binder = binder(place, aliases);
        results.columns().forEach(column -> compute(column, binder, aliases));
    }

    private BoundExpr bindKey(ResultColumn key) {
        BoundExpr bound =
                key.bind(ExprBinder.in(scope, "groupBy(…)").withWindows(source).withSubqueries(this::subqueryBelow));
        keyed.add(bound);
        nameWindow(key.written(), bound);
        return bound;
    }

    private void nameWindow(NamedExpr key, BoundExpr bound) {
        if (key instanceof NamedExpr.Call call) {
            String name = call.function().toLowerCase(Locale.ROOT);
            if (NamedExpr.TIME_WINDOWS.contains(name) && !name.equals("window_time")) {
                timeWindows.put(name, bound);
            }
        }
    }

    // ---- Binding

    /// @param aliases of the result columns before, which those after them may use
    private ExprBinder binder(String forMessages, Map<String, BoundExpr> aliases) {
        ExprBinder binder = ExprBinder.in(scope, forMessages)
                .withWindows(source)
                .withWindowFunctions(this::window)
                .withSubqueries(this::subquery)
                .withNames(_ -> Optional.empty(), name -> result(name, aliases).or(() -> alias(name, timeWindows)));
        if (grouped) {
            binder = binder.withAggregates(new ExprBinder.AggregateCalls() {
                @Override
                public BoundExpr add(AggregateCall call, String text) {
                    return aggregation(call, text);
                }

                @Override
                public ExprBinder.SubqueryCalls subqueries() {
                    return Selection.this::subqueryBelow;
                }
            });
        }
        return groupingId.isEmpty()
                ? binder
                : binder.withGroupings(call -> groupingId.get().value(call, this::keyIndex));
    }

    /// The result column that is meant by an alias.
    private Optional<BoundExpr> result(NamedExpr.Name name, Map<String, BoundExpr> aliases) {
        if (name.planId().isEmpty()
                && aliasedTwice.contains(name.parts().getFirst().toLowerCase(Locale.ROOT))) {
            throw new QueryException(
                            "AMBIGUOUS_LATERAL_COLUMN_ALIAS",
                            "'" + name.text() + "' may be any of several columns before it that have this name. Give"
                                    + " them names of their own.")
                    .within(name);
        }
        aliases.computeIfPresent(name.parts().getFirst().toLowerCase(Locale.ROOT), (_, expr) -> once(expr));
        return alias(name, aliases);
    }

    /// A result column's value for another place that refers to it: the value that the column shows.
    @SuppressWarnings("ReferenceEquality") // two that are equal draw apart
    private BoundExpr once(BoundExpr expr) {
        if (expr.deterministic() || isComputedAbove(expr) || grouped && keyIndex(expr) >= 0) {
            return expr;
        }
        for (int i = 0; i < outputs.size(); i++) {
            OutputColumn output = outputs.get(i);
            if (output.expr() == expr) {
                BoundExpr.Column slot = new BoundExpr.Column(
                        Slots.of(Slots.Kind.DRAWN, drawn.size()), output.name(), expr.type(), expr.nullable());
                drawn.add(expr);
                outputs.set(i, new OutputColumn(output.name(), slot, output.metadata()));
                return slot;
            }
        }
        return expr;
    }

    /// Whether it uses what is known only where window functions and subqueries have been computed.
    private static boolean isComputedAbove(BoundExpr expr) {
        return expr instanceof BoundExpr.Column column
                ? Slots.kind(column.ordinal()) == Slots.Kind.WINDOW
                        || Slots.kind(column.ordinal()) == Slots.Kind.SUBQUERY
                : expr.operands().stream().anyMatch(Selection::isComputedAbove);
    }

    /// Whether a condition on groups can come before anything is drawn for them, or a subquery is joined to them: then
    /// nothing that is drawn keeps it from the rows of the groups.
    private boolean isBelowDrawn(BoundExpr condition) {
        return !drawn.isEmpty() && condition.deterministic() && !isComputedAbove(condition) && !hasDrawn(condition);
    }

    private static boolean hasDrawn(BoundExpr expr) {
        return expr instanceof BoundExpr.Column column
                ? Slots.kind(column.ordinal()) == Slots.Kind.DRAWN
                : expr.operands().stream().anyMatch(Selection::hasDrawn);
    }

    private static Optional<BoundExpr> alias(NamedExpr.Name name, Map<String, BoundExpr> aliases) {
        if (name.planId().isPresent()) {
            return Optional.empty();
        }
        Optional<BoundExpr> found =
                Optional.ofNullable(aliases.get(name.parts().getFirst().toLowerCase(Locale.ROOT)));
        return found.map(expr ->
                ExprBinder.fields(expr, name.parts().subList(1, name.parts().size())));
    }

    private int keyIndex(NamedExpr expr) {
        return keyIndex(ExprBinder.in(scope, "grouping(…)").bind(expr));
    }

    /// Which key the expression is; -1 if it is none.
    private int keyIndex(BoundExpr expr) {
        BoundExpr comparable = knownBelow.isEmpty() ? expr : overBelow(expr);
        for (int i = 0; i < keyed.size(); i++) {
            if (Equivalence.holds(keyed.get(i), comparable)) {
                return i;
            }
        }
        return -1;
    }

    /// With the subqueries whose values are known below the aggregation as these.
    private BoundExpr overBelow(BoundExpr expr) {
        return expr.transformUp(
                part -> part instanceof BoundExpr.Column column && Slots.kind(column.ordinal()) == Slots.Kind.SUBQUERY
                        ? knownBelow.getOrDefault(Slots.index(column.ordinal()), column)
                        : part);
    }

    /// The aggregate's slot; one that is there already is computed once.
    private BoundExpr aggregation(AggregateCall call, String text) {
        int at = aggregationOf.computeIfAbsent(call, _ -> aggregations.size());
        if (at == aggregations.size()) {
            aggregations.add(new LogicalPlan.Aggregate.Aggregation(text, call));
        }
        return new BoundExpr.Column(
                Slots.of(Slots.Kind.AGGREGATE, at),
                text,
                call.function().resultType(),
                call.function().nullable());
    }

    private BoundExpr window(NamedExpr.Over over, ExprBinder binder) {
        BoundWindow window = BoundWindow.of(over, binder);
        int at = windows.indexOf(window);
        if (at < 0) {
            at = windows.size();
            windows.add(window);
        }
        return new BoundExpr.Column(
                Slots.of(Slots.Kind.WINDOW, at),
                over.text(),
                window.call().function().type(),
                window.call().function().nullable());
    }

    /// The value of a subquery in what is grouped by or aggregated.
    private BoundExpr subqueryBelow(NamedExpr subquery, ExprBinder binder) {
        return source.value(Subqueries.bind(subquery, binder, plan -> analyzer.resolve(plan, scope)));
    }

    private BoundExpr subquery(NamedExpr subquery, ExprBinder binder) {
        Subqueries.Bound bound = Subqueries.bind(subquery, binder, plan -> analyzer.resolve(plan, scope));
        Optional<BoundExpr> below = source.known(bound);
        if (below.isPresent()
                && (keyed.contains(below.get())
                        || !Subqueries.outerColumns(bound).isEmpty())) {
            return below.get();
        }
        Subqueries.outerColumns(bound).forEach(column -> requireGrouped(column, subquery));
        int at = subqueries.size();
        subqueries.add(bound);
        below.ifPresent(value -> knownBelow.put(at, value));
        return new BoundExpr.Column(Slots.of(Slots.Kind.SUBQUERY, at), subquery.text(), bound.type(), bound.nullable());
    }

    private void compute(ResultColumn result, ExprBinder binder, Map<String, BoundExpr> aliases) {
        NamedExpr written = result.written();
        BoundExpr bound = result.bind(binder);
        requireGrouped(bound, written);
        if (result.ofStar().isPresent()) {
            output(result.ofStar().get(), entry(result.ofStar().get()));
            return;
        }
        OutputColumn column = new OutputColumn(result.name(scope), bound, metadata(written, bound));
        boolean passesThrough =
                !(written instanceof NamedExpr.Alias) && !(grouped && !(written instanceof NamedExpr.Name));
        output(column, passesThrough ? entry(column) : Scope.Entry.of(column.name()));
        written.alias().ifPresent(alias -> {
            if (aliases.put(alias.toLowerCase(Locale.ROOT), bound) != null) {
                aliasedTwice.add(alias.toLowerCase(Locale.ROOT));
            }
        });
    }

    /// What the expression says about the column, or what is known about the column that it is.
    private Metadata metadata(NamedExpr expr, BoundExpr bound) {
        return switch (expr) {
            case NamedExpr.Described(NamedExpr _, Metadata said) -> said;
            case NamedExpr.Alias(NamedExpr input, String _) -> metadata(input, bound);
            default -> metadata(scope, bound);
        };
    }

    private static Metadata metadata(Scope of, BoundExpr bound) {
        return bound instanceof BoundExpr.Column column
                        && Slots.kind(column.ordinal()) == Slots.Kind.INPUT
                        && column.ordinal() < of.schema().size()
                ? of.schema().field(column.ordinal()).metadata()
                : Metadata.empty();
    }

    private void output(OutputColumn column, Scope.Entry entry) {
        outputs.add(column);
        entries.add(entry);
    }

    private Scope.Entry entry(OutputColumn column) {
        return scope.entryOf(column.expr())
                .map(entry -> entry.withName(column.name()))
                .orElseGet(() -> Scope.Entry.of(column.name()));
    }

    /// Checks that nothing of the input is used that is neither grouped by nor aggregated.
    private void requireGrouped(BoundExpr expr, NamedExpr source) {
        if (!grouped || keyIndex(expr) >= 0) {
            return;
        }
        if (expr instanceof BoundExpr.Column column) {
            switch (Slots.kind(column.ordinal())) {
                case INPUT -> throw missingAggregation(column, source);
                case WINDOW ->
                    windows.get(Slots.index(column.ordinal())).expressions().forEach(e -> requireGrouped(e, source));
                case AGGREGATE, SUBQUERY, LAMBDA, COMPARED, DRAWN, OUTER -> {}
            }
        }
        expr.operands().forEach(operand -> requireGrouped(operand, source));
    }

    private QueryException missingAggregation(BoundExpr.Column column, NamedExpr source) {
        String grouping = keys.isEmpty()
                ? "there are no grouping columns"
                : "the grouping columns are "
                        + String.join(
                                ", ", keys.stream().map(OutputColumn::name).toList());
        String what = source instanceof NamedExpr.Name
                ? "The column '" + source.text() + "' is"
                : "'" + source.text() + "' uses the column '" + column.name() + "', which is";
        return new QueryException(
                        "MISSING_AGGREGATION",
                        what + " neither grouped nor in an aggregate function: " + grouping
                                + ". Add it to groupBy(…), or wrap it" + " as in any_value(" + column.name()
                                + ") or max(" + column.name() + ").")
                .within(source);
    }

    // ---- From above

    /// The groups for which a condition is true.
    Resolved having(Resolved result, NamedExpr condition) {
        Selection more = copy();
        BoundExpr bound =
                Conditions.bind(more.above(result.scope(), "HAVING").withWindowFunctions(null), condition, "HAVING");
        more.requireGrouped(bound, condition);
        more.having.add(bound);
        return more.build();
    }

    /// The rows for which a condition on window functions is true.
    Resolved qualify(Resolved result, NamedExpr condition) {
        Selection more = copy();
        BoundExpr bound = Conditions.bind(more.above(result.scope(), "QUALIFY"), condition, "QUALIFY");
        more.requireGrouped(bound, condition);
        more.qualify.add(bound);
        return more.build();
    }

    /// Whether a column below may be meant by this name.
    boolean finds(NamedExpr.Name name) {
        return !scope.matches(name).isEmpty();
    }

    /// The result columns, and behind them a hidden one of this name, if there is one below that may be used here: of
    /// groups, only what they are grouped by.
    Optional<Resolved> with(NamedExpr.Name name) {
        if (finds(name)) {
            return withOwn(name);
        }
        return grouped || !source.isJust(from.plan())
                ? Optional.empty()
                : from.with(name, Reach.SELECTIONS)
                        .flatMap(wider -> copy(wider, new WindowedSource(wider.plan(), false))
                                .withOwn(name));
    }

    private Optional<Resolved> withOwn(NamedExpr.Name name) {
        List<Scope.Match> matches = scope.matches(name);
        if (matches.size() != 1) {
            return Optional.empty();
        }
        BoundExpr.Column column = scope.column(matches.getFirst().ordinal());
        if (grouped && !keyed.contains(column)) {
            return Optional.empty();
        }
        Selection more = copy();
        more.output(
                new OutputColumn(column.name(), column, metadata(scope, column)),
                scope.entries().get(column.ordinal()).asHidden());
        return Optional.of(more.build());
    }

    /// The rows sorted.
    Resolved sorted(Resolved result, List<NamedExpr> order) {
        Selection more = copy();
        int width = outputs.size();
        List<SortKey> sortKeys = new ArrayList<>();
        for (NamedExpr item : order) {
            sortKeys.add(more.sortKey(item, result));
        }
        if (more.outputs.size() == width) {
            return Resolved.keeping(result, new LogicalPlan.Sort(result.plan(), sortKeys));
        }
        LogicalPlan wider = more.build().plan();
        LogicalPlan sorted = new LogicalPlan.Sort(wider, sortKeys);
        List<OutputColumn> asBefore = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            BoundExpr.Column column = result.scope().column(i);
            asBefore.add(new OutputColumn(
                    column.name(), column, result.schema().field(i).metadata()));
        }
        return Resolved.of(new LogicalPlan.Project(sorted, asBefore), result.scope());
    }

    private SortKey sortKey(NamedExpr item, Resolved result) {
        NamedExpr.SortOrder order = item instanceof NamedExpr.SortOrder given
                ? given
                : new NamedExpr.SortOrder(item, Direction.ASC, NullOrder.FIRST);
        NamedExpr expr = order.input();
        BoundExpr bound = expr instanceof NamedExpr.Ordinal(int position)
                ? Sorts.position(result.scope(), position, item)
                : Sorts.isPlain(expr) && (result.scope().resolves(expr) || !canFind(expr))
                        ? ExprBinder.in(result.scope(), "orderBy(…)").bind(expr)
                        : outputOf(expr, result.scope());
        return new SortKey(Sorts.orderable(bound, expr), order.direction(), order.nulls());
    }

    private boolean canFind(NamedExpr expr) {
        return scope.resolves(expr) || grouped;
    }

    /// A result column with this value, added if there is none.
    private BoundExpr outputOf(NamedExpr expr, Scope result) {
        BoundExpr bound = above(result, "orderBy(…)").bind(expr);
        requireGrouped(bound, expr);
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).expr().equals(bound) && bound.deterministic()) {
                return new BoundExpr.Column(i, outputs.get(i).name(), bound.type(), bound.nullable());
            }
        }
        String name = "_sort" + (outputs.size() - result.schema().size());
        output(new OutputColumn(name, bound), Scope.Entry.of(name));
        return new BoundExpr.Column(outputs.size() - 1, name, bound.type(), bound.nullable());
    }

    /// A binder for what stands above the result columns: names mean these if they can, else what is below.
    private ExprBinder above(Scope result, String forMessages) {
        return binder(forMessages, Map.of())
                .withNames(
                        name -> {
                            List<Scope.Match> matches = result.matches(name);
                            boolean output = matches.size() == 1
                                    || !matches.isEmpty() && scope.matches(name).size() != 1;
                            if (!output) {
                                return Optional.empty();
                            }
                            Scope.Match match = result.resolve(name);
                            return Optional.of(ExprBinder.fields(
                                    once(outputs.get(match.ordinal()).expr()), match.fields()));
                        },
                        name -> alias(name, timeWindows));
    }

    // ---- Building

    private Resolved build() {
        LogicalPlan plan = source.plan(keyed);
        UnaryOperator<BoundExpr> toPlan = UnaryOperator.identity();
        if (grouped) {
            List<LogicalPlan.Aggregate.Aggregation> named = namedAggregations();
            plan = new LogicalPlan.Aggregate(
                    plan, keys.stream().map(OutputColumn::comparable).toList(), named, firing);
            toPlan = expr -> overAggregate(expr, named);
        }
        List<BoundExpr> aboveDrawn = new ArrayList<>();
        for (BoundExpr condition : having) {
            for (BoundExpr part : drawn.isEmpty() ? List.of(condition) : Decorrelation.conjuncts(condition)) {
                if (isBelowDrawn(part) && (aboveDrawn.isEmpty() || Totality.neverFails(part))) {
                    plan = new LogicalPlan.Filter(plan, toPlan.apply(part));
                } else {
                    aboveDrawn.add(part);
                }
            }
        }
        for (int i = 0; i < drawn.size(); i++) {
            List<OutputColumn> columns = new ArrayList<>(Decorrelation.identity(plan));
            int ordinal = columns.size();
            int slot = Slots.of(Slots.Kind.DRAWN, i);
            columns.add(new OutputColumn("_drawn" + i, toPlan.apply(drawn.get(i))));
            plan = new LogicalPlan.Project(plan, columns);
            UnaryOperator<BoundExpr> before = toPlan;
            toPlan = expr -> before.apply(expr)
                    .transformUp(part -> part instanceof BoundExpr.Column column && column.ordinal() == slot
                            ? new BoundExpr.Column(ordinal, column.name(), column.type(), column.nullable())
                            : part);
        }
        Map<Integer, Subqueries.Bound> early = new TreeMap<>();
        Map<Integer, Subqueries.Bound> late = new TreeMap<>();
        for (int i = 0; i < subqueries.size(); i++) {
            (needsWindows(subqueries.get(i)) ? late : early).put(i, subqueries.get(i));
        }
        Map<Integer, BoundExpr> values = new TreeMap<>();
        plan = Subqueries.attach(plan, early, values, toPlan);
        Placed placed = new Placed(toPlan, values, plan.schema().size());
        for (BoundExpr condition : aboveDrawn) {
            plan = new LogicalPlan.Filter(plan, placed.of(condition));
        }
        plan = Subqueries.attach(BoundWindow.on(plan, windows, placed::of), late, values, placed::of);
        for (BoundExpr condition : qualify) {
            plan = new LogicalPlan.Filter(plan, placed.of(condition));
        }
        List<OutputColumn> columns = outputs.stream()
                .map(column -> new OutputColumn(column.name(), placed.of(column.expr()), column.metadata()))
                .toList();
        LogicalPlan result = isAsIs(plan, columns) ? plan : new LogicalPlan.Project(plan, columns);
        return Resolved.selected(result, new Scope(entries, result.schema(), scope.outer()), this);
    }

    /// Whether a subquery is compared with the value of a window function, directly or through another one.
    private boolean needsWindows(Subqueries.Bound subquery) {
        return Subqueries.outerColumns(subquery).stream().anyMatch(this::needsWindows);
    }

    private boolean needsWindows(BoundExpr expr) {
        return expr instanceof BoundExpr.Column column
                ? switch (Slots.kind(column.ordinal())) {
                    case WINDOW -> true;
                    case SUBQUERY -> needsWindows(subqueries.get(Slots.index(column.ordinal())));
                    default -> false;
                }
                : expr.operands().stream().anyMatch(this::needsWindows);
    }

    private boolean isAsIs(LogicalPlan plan, List<OutputColumn> columns) {
        if (!grouped || !(plan instanceof LogicalPlan.Aggregate)) {
            return false;
        }
        StructType schema = plan.schema();
        boolean same =
                schema.names().equals(columns.stream().map(OutputColumn::name).toList());
        for (int i = 0; i < columns.size() && same; i++) {
            same = columns.get(i).expr() instanceof BoundExpr.Column column
                    && column.ordinal() == i
                    && columns.get(i).metadata().equals(schema.field(i).metadata());
        }
        return same;
    }

    /// Lets a result column that is just an aggregate give it its name, so that no projection is needed for that.
    private List<LogicalPlan.Aggregate.Aggregation> namedAggregations() {
        List<LogicalPlan.Aggregate.Aggregation> named = new ArrayList<>(aggregations);
        for (OutputColumn output : outputs) {
            if (output.expr() instanceof BoundExpr.Column column
                    && Slots.kind(column.ordinal()) == Slots.Kind.AGGREGATE) {
                int at = Slots.index(column.ordinal());
                named.set(
                        at,
                        new LogicalPlan.Aggregate.Aggregation(
                                output.name(), named.get(at).call()));
            }
        }
        return named;
    }

    private BoundExpr overAggregate(BoundExpr expr, List<LogicalPlan.Aggregate.Aggregation> named) {
        int key = keyIndex(expr);
        if (key >= 0) {
            OutputColumn column = keys.get(key);
            return new BoundExpr.Column(
                    key, column.name(), column.expr().type(), column.expr().nullable());
        }
        if (!(expr instanceof BoundExpr.Column column)) {
            return expr.mapOperands(operand -> overAggregate(operand, named));
        }
        if (Slots.kind(column.ordinal()) == Slots.Kind.INPUT) {
            throw new IllegalStateException(column + " is neither grouped nor aggregated, and was not refused");
        }
        if (Slots.kind(column.ordinal()) != Slots.Kind.AGGREGATE) {
            return column;
        }
        int index = Slots.index(column.ordinal());
        return new BoundExpr.Column(keys.size() + index, named.get(index).name(), column.type(), column.nullable());
    }

    /// Puts window functions and subqueries in their places.
    private record Placed(UnaryOperator<BoundExpr> toPlan, Map<Integer, BoundExpr> subqueries, int firstWindow) {
        BoundExpr of(BoundExpr expr) {
            return placed(toPlan.apply(expr));
        }

        private BoundExpr placed(BoundExpr expr) {
            if (!(expr instanceof BoundExpr.Column column)) {
                return expr.mapOperands(this::placed);
            }
            return switch (Slots.kind(column.ordinal())) {
                case WINDOW ->
                    new BoundExpr.Column(
                            firstWindow + Slots.index(column.ordinal()),
                            column.name(),
                            column.type(),
                            column.nullable());
                case SUBQUERY -> subqueries.getOrDefault(Slots.index(column.ordinal()), column);
                case INPUT, AGGREGATE, LAMBDA, COMPARED, DRAWN, OUTER -> column;
            };
        }
    }

    static BoundExpr bindScalar(String function, BoundExpr... arguments) {
        return FunctionRegistry.bindScalar(function, List.of(arguments));
    }
}

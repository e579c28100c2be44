package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.FunctionRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/// Analyzes joins: by condition, by common columns (`using`), crosswise.
final class JoinAnalysis {
    /// Ids, unlike those of DataFrames, that tell the sides apart.
    private static final long LEFT = -1;

    private static final long RIGHT = -2;

    private final Analyzer analyzer;
    private final Resolved left;
    private final Resolved right;
    private final JoinType type;
    private final Scope both;
    private final Scope sides;

    JoinAnalysis(Analyzer analyzer, Resolved left, Resolved right, JoinType type) {
        this.analyzer = analyzer;
        this.left = left;
        this.right = right;
        this.type = type;
        this.both = left.scope().followedBy(right.scope());
        this.sides = left.scope().withPlanId(LEFT).followedBy(right.scope().withPlanId(RIGHT));
    }

    static Resolved of(
            Analyzer analyzer,
            Resolved left,
            Resolved right,
            JoinType type,
            Optional<NamedExpr> condition,
            List<String> using) {
        JoinAnalysis analysis = new JoinAnalysis(analyzer, left, right, type);
        return using.isEmpty() ? analysis.by(condition) : analysis.using(using);
    }

    /// By all columns that both sides have; every pair if there are none.
    static Resolved natural(Analyzer analyzer, Resolved left, Resolved right, JoinType type) {
        List<String> common = left.schema().names().stream()
                .filter(name -> !right.scope().named(name).isEmpty())
                .distinct()
                .toList();
        return of(analyzer, left, right, type, Optional.empty(), common);
    }

    private Resolved by(Optional<NamedExpr> condition) {
        return withHidden(condition).visible();
    }

    /// With the hidden columns of the sides behind the others.
    private Resolved withHidden(Optional<NamedExpr> condition) {
        Resolved joined = condition.filter(Analyzer::containsSubquery).isPresent()
                ? bySubqueries(condition.get())
                : Resolved.of(
                        new LogicalPlan.Join(left.plan(), right.plan(), type, condition.map(this::condition)),
                        outputScope());
        return joined.hiddenLast().widenedBy(name -> wider(name, analysis -> analysis.withHidden(condition)));
    }

    /// The same join with a key of a join below that is not among its columns, behind the others.
    private Optional<Resolved> wider(NamedExpr.Name name, Function<JoinAnalysis, Resolved> join) {
        Optional<Resolved> fromLeft = right.scope().hasHidden()
                ? Optional.empty()
                : left.with(name, Reach.JOINS).map(wide -> join.apply(new JoinAnalysis(analyzer, wide, right, type)));
        return type.leftOnly()
                ? fromLeft
                : fromLeft.or(() -> right.with(name, Reach.JOINS)
                        .map(wide -> join.apply(new JoinAnalysis(analyzer, left, wide, type))));
    }

    // ---- Subqueries in the condition

    private Resolved bySubqueries(NamedExpr condition) {
        if (type != JoinType.INNER && type != JoinType.CROSS) {
            return withSidesWidened(condition);
        }
        List<NamedExpr> plain = new ArrayList<>();
        List<NamedExpr> others = new ArrayList<>();
        for (NamedExpr part : Analyzer.conjuncts(condition)) {
            (Analyzer.containsSubquery(part) ? others : plain).add(part);
        }
        Optional<BoundExpr> on = plain.stream().map(this::condition).reduce(BoundExpr.And::new);
        LogicalPlan join = new LogicalPlan.Join(left.plan(), right.plan(), JoinType.INNER, on);
        return analyzer.filter(
                Resolved.of(join, outputScope()),
                others.stream()
                        .reduce((a, b) -> new NamedExpr.Call("and", a, b))
                        .orElseThrow());
    }

    /// Each subquery's value becomes a column of the side that it depends on.
    private Resolved withSidesWidened(NamedExpr condition) {
        List<Subqueries.Bound> ofLeft = new ArrayList<>();
        List<Subqueries.Bound> ofRight = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        ExprBinder binder = ExprBinder.in(sides, "a join condition").withSubqueries((subquery, own) -> {
            Subqueries.Bound bound = Subqueries.bind(subquery, own, plan -> analyzer.resolve(plan, both));
            boolean onLeft = isOfLeft(bound, subquery);
            List<Subqueries.Bound> side = onLeft ? ofLeft : ofRight;
            places.add(onLeft ? side.size() : -1 - side.size());
            side.add(bound);
            return new BoundExpr.Column(
                    Slots.of(Slots.Kind.SUBQUERY, places.size() - 1), subquery.text(), bound.type(), bound.nullable());
        });
        BoundExpr bound = Conditions.bind(binder, sidesTold(condition), "a join condition");
        int width = left.schema().size();
        Subqueries.Attached onLeft = Subqueries.attach(left.plan(), ofLeft, UnaryOperator.identity());
        Subqueries.Attached onRight =
                Subqueries.attach(right.plan(), ofRight, expr -> moved(expr, ordinal -> ordinal - width));
        int wide = onLeft.plan().schema().size();
        BoundExpr placed = bound.transformUp(expr -> {
            if (!(expr instanceof BoundExpr.Column column)) {
                return expr;
            }
            if (Slots.kind(column.ordinal()) == Slots.Kind.SUBQUERY) {
                int place = places.get(Slots.index(column.ordinal()));
                return place >= 0
                        ? onLeft.values().get(place)
                        : moved(onRight.values().get(-1 - place), ordinal -> ordinal + wide);
            }
            return moved(column, ordinal -> ordinal < width ? ordinal : ordinal - width + wide);
        });
        LogicalPlan join = new LogicalPlan.Join(onLeft.plan(), onRight.plan(), type, Optional.of(placed));
        List<OutputColumn> all = Decorrelation.identity(join);
        List<OutputColumn> columns = new ArrayList<>(all.subList(0, width));
        if (!type.leftOnly()) {
            columns.addAll(all.subList(wide, wide + right.schema().size()));
        }
        LogicalPlan rows = new LogicalPlan.Project(join, columns);
        return Resolved.of(rows, outputScope());
    }

    private boolean isOfLeft(Subqueries.Bound bound, NamedExpr subquery) {
        List<Integer> used = new ArrayList<>();
        Subqueries.outerColumns(bound).forEach(expr -> ordinals(expr, used));
        int width = left.schema().size();
        boolean onLeft = used.stream().allMatch(ordinal -> ordinal < width);
        if (!onLeft
                && used.stream()
                        .anyMatch(ordinal ->
                                ordinal < width || ordinal >= both.schema().size())) {
            throw new QueryException(
                            "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_EXPRESSION_IN_JOIN_CONDITION",
                            "'" + subquery.text()
                                    + "', in the condition of an outer, semi or anti join, uses columns of both"
                                    + " sides. Use those of one side, or put it into WHERE.")
                    .within(subquery);
        }
        return onLeft;
    }

    /// Of the columns of this query, not of those around it.
    private static void ordinals(BoundExpr expr, List<Integer> into) {
        if (expr instanceof BoundExpr.Column column) {
            if (!Slots.isOuter(column)) {
                into.add(column.ordinal());
            }
        } else {
            expr.operands().forEach(operand -> ordinals(operand, into));
        }
    }

    private static BoundExpr moved(BoundExpr expr, IntUnaryOperator to) {
        return expr.transformUp(part -> part instanceof BoundExpr.Column column && !Slots.isOuter(column)
                ? new BoundExpr.Column(to.applyAsInt(column.ordinal()), column.name(), column.type(), column.nullable())
                : part);
    }

    /// Over the left columns followed by the right ones.
    BoundExpr condition(NamedExpr expr) {
        return Conditions.bind(sides, sidesTold(expr), "a join condition");
    }

    /// `df.col("id").equalTo(df.col("id"))`, both taken from a DataFrame that is joined with itself, means the left
    /// side's and the right side's column, as in Spark.
    private NamedExpr sidesTold(NamedExpr expr) {
        if (!(expr instanceof NamedExpr.Call call)) {
            return expr;
        }
        String function = call.function();
        List<NamedExpr> arguments = call.arguments();
        boolean equality = function.equals("=") || function.equals("<=>");
        if (equality
                && arguments.get(0) instanceof NamedExpr.Name name
                && arguments.get(1).equals(name)
                && name.planId().isPresent()
                && both.matches(name).size() == 2) {
            return new NamedExpr.Call(
                    function,
                    new NamedExpr.Name(name.parts(), OptionalLong.of(LEFT)),
                    new NamedExpr.Name(name.parts(), OptionalLong.of(RIGHT)));
        }
        return call.of(arguments.stream().map(this::sidesTold).toList());
    }

    private Scope outputScope() {
        return type.leftOnly()
                ? left.scope()
                : both.withSchema(LogicalPlan.Join.schemaOf(left.schema(), right.schema(), type));
    }

    private Resolved using(List<String> names) {
        return withKeysOnce(pairs(names), names.stream().map(this::key).toList());
    }

    /// The rows of both sides with the same keys, with the keys of both.
    private Resolved pairs(List<String> names) {
        Optional<BoundExpr> condition =
                names.stream().map(this::key).map(this::equal).reduce(BoundExpr.And::new);
        LogicalPlan join = new LogicalPlan.Join(left.plan(), right.plan(), type, condition);
        return Resolved.of(join, outputScope())
                .hiddenLast()
                .widenedBy(name -> wider(name, analysis -> analysis.pairs(names)));
    }

    /// A column that both sides have, by its ordinal on each.
    record Key(int left, int right) {}

    Key key(String name) {
        return new Key(keyOf(name, left, "left"), keyOf(name, right, "right"));
    }

    BoundExpr left(Key key) {
        return both.column(key.left());
    }

    BoundExpr right(Key key) {
        return both.column(left.schema().size() + key.right());
    }

    BoundExpr equal(Key key) {
        return FunctionRegistry.bindScalar("=", List.of(left(key), right(key)));
    }

    /// An expression over the right side, over both.
    BoundExpr moved(BoundExpr ofRight) {
        int by = left.schema().size();
        return ofRight.transformUp(e -> e instanceof BoundExpr.Column c ? both.column(c.ordinal() + by) : e);
    }

    private static int keyOf(String name, Resolved side, String which) {
        List<Integer> found = side.scope().named(name);
        if (found.isEmpty()) {
            throw new QueryException(
                    "UNRESOLVED_COLUMN",
                    "'" + name + "', a column to join by, is not a column of the " + which + " side " + side.scope()
                            + ". " + Suggestion.didYouMean(name, side.schema().names()));
        }
        return side.scope()
                .resolve(new NamedExpr.Name(List.of(name), OptionalLong.empty()))
                .ordinal();
    }

    /// The join keys first, each once, then the other columns of the left side, then those of the right side.
    Resolved withKeysOnce(LogicalPlan join, List<Key> keys) {
        return withKeysOnce(Resolved.of(join, outputScope()), keys);
    }

    private Resolved withKeysOnce(Resolved join, List<Key> keys) {
        Scope scope = join.scope();
        if (keys.isEmpty()) {
            return join;
        }
        List<OutputColumn> columns = new ArrayList<>();
        List<Scope.Entry> entries = new ArrayList<>();
        Set<Integer> given = new HashSet<>();
        for (Key key : keys) {
            Scope.Entry l = left.scope().entries().get(key.left());
            Scope.Entry r = right.scope().entries().get(key.right());
            columns.add(new OutputColumn(l.name(), key(scope, key)));
            entries.add(keyEntry(l, r));
            given.add(key.left());
            given.add(left.schema().size() + key.right());
        }
        for (int i = 0; i < scope.entries().size(); i++) {
            if (!given.contains(i)) {
                columns.add(new OutputColumn(
                        scope.entries().get(i).name(),
                        scope.column(i),
                        scope.schema().field(i).metadata()));
                entries.add(scope.entries().get(i));
            }
        }
        return Selection.of(analyzer, "join(…)", join, columns, entries).withKeysInReach();
    }

    private BoundExpr key(Scope output, Key key) {
        int behindLeft = left.schema().size() + key.right();
        return switch (type) {
            case INNER, CROSS, LEFT_OUTER, LEFT_SEMI, LEFT_ANTI -> output.column(key.left());
            case RIGHT_OUTER -> output.column(behindLeft);
            case FULL_OUTER ->
                FunctionRegistry.bindScalar("coalesce", List.of(output.column(key.left()), output.column(behindLeft)));
        };
    }

    private Scope.Entry keyEntry(Scope.Entry l, Scope.Entry r) {
        return switch (type) {
            case INNER, CROSS -> {
                List<String> qualifiers = new ArrayList<>(l.qualifiers());
                qualifiers.addAll(r.qualifiers());
                List<Long> planIds = new ArrayList<>(l.planIds());
                planIds.addAll(r.planIds());
                yield new Scope.Entry(l.name(), qualifiers, planIds);
            }
            case LEFT_OUTER, LEFT_SEMI, LEFT_ANTI -> l;
            case RIGHT_OUTER -> r.withName(l.name());
            case FULL_OUTER -> Scope.Entry.of(l.name());
        };
    }
}

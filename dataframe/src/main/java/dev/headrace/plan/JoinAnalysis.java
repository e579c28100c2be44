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
        LogicalPlan.Join join = new LogicalPlan.Join(left.plan(), right.plan(), type, condition.map(this::condition));
        return Resolved.of(join, outputScope(join));
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

    private Scope outputScope(LogicalPlan join) {
        return type.leftOnly() ? left.scope() : both.withSchema(join.schema());
    }

    private Resolved using(List<String> names) {
        List<Key> keys = names.stream().map(this::key).toList();
        Optional<BoundExpr> condition = keys.stream().map(this::equal).reduce(BoundExpr.And::new);
        return withKeysOnce(new LogicalPlan.Join(left.plan(), right.plan(), type, condition), keys);
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
        Scope scope = outputScope(join);
        if (keys.isEmpty()) {
            return Resolved.of(join, scope);
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
        return Selection.of(analyzer, "join(…)", Resolved.of(join, scope), columns, entries);
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

package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.FunctionRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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

    private JoinAnalysis(Analyzer analyzer, Resolved left, Resolved right, JoinType type) {
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

    private BoundExpr condition(NamedExpr expr) {
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

    private Scope outputScope(LogicalPlan.Join join) {
        return type.leftOnly() ? left.scope() : both.withSchema(join.schema());
    }

    private Resolved using(List<String> names) {
        List<Integer> leftKeys = new ArrayList<>();
        List<Integer> rightKeys = new ArrayList<>();
        Optional<BoundExpr> condition = Optional.empty();
        for (String name : names) {
            int l = keyOf(name, left, "left");
            int r = keyOf(name, right, "right");
            leftKeys.add(l);
            rightKeys.add(r);
            BoundExpr equal = FunctionRegistry.bindScalar(
                    "=", List.of(both.column(l), both.column(left.schema().size() + r)));
            condition = Optional.of(
                    condition.<BoundExpr>map(c -> new BoundExpr.And(c, equal)).orElse(equal));
        }
        LogicalPlan.Join join = new LogicalPlan.Join(left.plan(), right.plan(), type, condition);
        return withKeysOnce(join, leftKeys, rightKeys);
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
    private Resolved withKeysOnce(LogicalPlan.Join join, List<Integer> leftKeys, List<Integer> rightKeys) {
        Scope scope = outputScope(join);
        List<OutputColumn> columns = new ArrayList<>();
        List<Scope.Entry> entries = new ArrayList<>();
        for (int i = 0; i < leftKeys.size(); i++) {
            Scope.Entry l = left.scope().entries().get(leftKeys.get(i));
            Scope.Entry r = right.scope().entries().get(rightKeys.get(i));
            columns.add(new OutputColumn(l.name(), key(scope, leftKeys.get(i), rightKeys.get(i))));
            entries.add(keyEntry(l, r));
        }
        for (int i = 0; i < scope.entries().size(); i++) {
            int fromRight = i - left.schema().size();
            if (!leftKeys.contains(i) && !(fromRight >= 0 && rightKeys.contains(fromRight))) {
                columns.add(new OutputColumn(scope.entries().get(i).name(), scope.column(i)));
                entries.add(scope.entries().get(i));
            }
        }
        return Selection.of(analyzer, "join(…)", Resolved.of(join, scope), columns, entries);
    }

    private BoundExpr key(Scope output, int leftKey, int rightKey) {
        int behindLeft = left.schema().size() + rightKey;
        return switch (type) {
            case INNER, CROSS, LEFT_OUTER, LEFT_SEMI, LEFT_ANTI -> output.column(leftKey);
            case RIGHT_OUTER -> output.column(behindLeft);
            case FULL_OUTER ->
                FunctionRegistry.bindScalar("coalesce", List.of(output.column(leftKey), output.column(behindLeft)));
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

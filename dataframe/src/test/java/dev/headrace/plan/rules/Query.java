package dev.headrace.plan.rules;

import dev.headrace.connector.Table;
import dev.headrace.plan.Analyzer;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.Scalar;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Plans in few words, for tests of rules: `scan(orders).filter(greater("amount", 10.0)).select("id")`.
record Query(NamedPlan named) {

    static Query scan(Table table) {
        return new Query(new NamedPlan.Read(table, "test"));
    }

    LogicalPlan plan() {
        return Analyzer.analyze(named, Map.of()).plan();
    }

    Query select(Object... columns) {
        return new Query(new NamedPlan.Project(named, exprs(columns)));
    }

    Query filter(NamedExpr condition) {
        return new Query(new NamedPlan.Filter(named, condition));
    }

    Query groupBy(List<NamedExpr> keys, Object... columns) {
        return new Query(new NamedPlan.Aggregate(named, keys, exprs(columns)));
    }

    Query as(String alias) {
        return new Query(new NamedPlan.SubqueryAlias(named, alias));
    }

    Query join(Query right, JoinType type, NamedExpr condition) {
        return new Query(new NamedPlan.Join(named, right.named, type, Optional.of(condition), List.of()));
    }

    Query crossJoin(Query right) {
        return new Query(new NamedPlan.Join(named, right.named, JoinType.CROSS, Optional.empty(), List.of()));
    }

    Query union(Query other) {
        return new Query(new NamedPlan.Union(named, other.named, false, false));
    }

    Query orderBy(Object... columns) {
        return new Query(new NamedPlan.Sort(named, exprs(columns)));
    }

    Query limit(long count) {
        return new Query(new NamedPlan.Limit(named, count));
    }

    Query offset(long count) {
        return new Query(new NamedPlan.Offset(named, count));
    }

    Query dropDuplicates(String... columns) {
        return new Query(new NamedPlan.Deduplicate(named, List.of(columns), false));
    }

    Query withWatermark(String column, String delay) {
        return new Query(new NamedPlan.WithWatermark(named, column, delay));
    }

    static NamedExpr col(String name) {
        return new NamedExpr.Name(List.of(name.split("\\.")), OptionalLong.empty());
    }

    static NamedExpr as(Object expr, String name) {
        return new NamedExpr.Alias(expr(expr), name);
    }

    static NamedExpr call(String function, Object... arguments) {
        return new NamedExpr.Call(
                function, Arrays.stream(arguments).map(Query::operand).toList(), false);
    }

    static NamedExpr lit(Object value) {
        return new NamedExpr.Literal(Scalar.ofJava(value));
    }

    /// A comparison of a column with a column (an expression) or a constant.
    static NamedExpr greater(String column, Object than) {
        return call(">", col(column), than);
    }

    static NamedExpr equal(String column, Object to) {
        return call("=", col(column), to);
    }

    static NamedExpr and(NamedExpr left, NamedExpr right) {
        return call("and", left, right);
    }

    private static List<NamedExpr> exprs(Object... columns) {
        return Arrays.stream(columns).map(Query::expr).toList();
    }

    /// A text is a column's name.
    private static NamedExpr expr(Object column) {
        return column instanceof String name ? col(name) : (NamedExpr) column;
    }

    /// A text is a constant.
    private static NamedExpr operand(Object value) {
        return value instanceof NamedExpr expr ? expr : lit(value);
    }
}

package dev.headrace.sql;

import dev.headrace.plan.Firing;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AggregationClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FromClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FromStatementBodyContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.GroupByClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.GroupingAnalyticsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.GroupingElementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.GroupingSetContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.HavingClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LateralViewContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QualifyClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QuerySpecificationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RegularQuerySpecificationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SelectClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WhereClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WindowDefContext;
import org.jspecify.annotations.Nullable;

/// Reads SELECT with all its clauses.
final class SelectReader {
    private final Reading reading;

    SelectReader(Reading reading) {
        this.reading = reading;
    }

    NamedPlan select(QuerySpecificationContext context) {
        if (!(context instanceof RegularQuerySpecificationContext regular)) {
            throw reading.text().unsupported("TRANSFORM is not supported.", context);
        }
        Map<String, WindowDefContext> windows = Map.of();
        boolean hasWindows = regular.windowClause() != null;
        if (hasWindows) {
            windows = reading.windows().enter(regular.windowClause());
        }
        NamedPlan from = regular.fromClause() == null
                ? RelationReader.oneRow()
                : reading.relations().from(regular.fromClause());
        NamedPlan plan = select(
                from,
                regular.selectClause(),
                regular.lateralView(),
                regular.whereClause(),
                regular.aggregationClause(),
                regular.havingClause(),
                regular.qualifyClause());
        if (hasWindows) {
            reading.windows().leave(windows);
        }
        return plan;
    }

    NamedPlan select(FromClauseContext from, FromStatementBodyContext body) {
        return select(
                reading.relations().from(from),
                body.selectClause(),
                body.lateralView(),
                body.whereClause(),
                body.aggregationClause(),
                body.havingClause(),
                body.qualifyClause());
    }

    private NamedPlan select(
            NamedPlan from,
            SelectClauseContext select,
            List<LateralViewContext> views,
            @Nullable WhereClauseContext where,
            @Nullable AggregationClauseContext grouping,
            @Nullable HavingClauseContext having,
            @Nullable QualifyClauseContext qualify) {
        NamedPlan plan = from;
        for (LateralViewContext view : views) {
            plan = reading.relations().lateralView(plan, view);
        }
        if (where != null) {
            plan = new NamedPlan.Filter(plan, reading.expressions().condition(where.booleanExpression()));
        }
        List<NamedExpr> columns = reading.expressions().named(select.namedExpressionSeq());
        if (grouping != null) {
            plan = aggregate(plan, grouping, columns);
        } else if (having != null) {
            plan = new NamedPlan.Aggregate(plan, List.of(), columns);
        } else {
            plan = new NamedPlan.Project(plan, columns);
        }
        if (having != null) {
            plan = new NamedPlan.Having(plan, reading.expressions().condition(having.booleanExpression()));
        }
        if (qualify != null) {
            plan = new NamedPlan.Qualify(plan, reading.expressions().condition(qualify.booleanExpression()));
        }
        boolean distinct =
                select.setQuantifier() != null && select.setQuantifier().DISTINCT() != null;
        return distinct ? new NamedPlan.Deduplicate(plan, List.of(), false) : plan;
    }

    // ---- GROUP BY

    NamedPlan aggregate(NamedPlan input, AggregationClauseContext context, List<NamedExpr> columns) {
        Optional<Firing> firing = EmitToken.behind(context);
        NamedPlan aggregated = aggregateOnce(input, context, columns);
        if (firing.isEmpty()) {
            return aggregated;
        }
        if (!(aggregated instanceof NamedPlan.Aggregate(NamedPlan from, List<NamedExpr> keys, var all, var _))) {
            throw reading.text()
                    .unsupported(
                            "EMIT is not for ROLLUP, CUBE and GROUPING SETS: it can only follow GROUP BY.", context);
        }
        return new NamedPlan.Aggregate(from, keys, all, firing);
    }

    private NamedPlan aggregateOnce(NamedPlan input, AggregationClauseContext context, List<NamedExpr> columns) {
        List<NamedExpr> keys = new ArrayList<>();
        List<List<List<NamedExpr>>> factors = new ArrayList<>();
        boolean analytics = false;
        for (GroupByClauseContext clause : context.groupByClause()) {
            if (clause.groupingAnalytics() != null) {
                analytics = true;
                factors.add(sets(clause.groupingAnalytics()));
            } else {
                NamedExpr key = key(reading.expressions().expression(clause.expression()));
                keys.add(key);
                factors.add(List.of(List.of(key)));
            }
        }
        if (!context.namedExpression().isEmpty()) {
            for (NamedExpressionContext expression : context.namedExpression()) {
                keys.add(key(reading.expressions().named(expression)));
            }
            if (context.kind == null) {
                return new NamedPlan.Aggregate(input, keys, columns);
            }
            List<List<NamedExpr>> single = keys.stream().map(List::of).toList();
            factors.clear();
            factors.add(
                    switch (context.kind.getType()) {
                        case SqlBaseParser.ROLLUP -> rollup(single);
                        case SqlBaseParser.CUBE -> cube(single);
                        default -> context.groupingSet().stream().map(this::set).toList();
                    });
            analytics = true;
        }
        if (!analytics) {
            return isAll(keys)
                    ? new NamedPlan.Aggregate(input, allOf(columns), columns)
                    : new NamedPlan.Aggregate(input, keys, columns);
        }
        return groupingSets(input, product(factors), keys, columns);
    }

    private static boolean isAll(List<NamedExpr> keys) {
        return keys.size() == 1
                && keys.getFirst() instanceof NamedExpr.Name name
                && name.parts().size() == 1
                && name.parts().getFirst().equalsIgnoreCase("all");
    }

    /// GROUP BY ALL: by all result columns without aggregate functions.
    private static List<NamedExpr> allOf(List<NamedExpr> columns) {
        List<NamedExpr> keys = new ArrayList<>();
        for (NamedExpr column : columns) {
            if (!dev.headrace.plan.Analyzer.containsAggregate(column)) {
                keys.add(column instanceof NamedExpr.Alias(NamedExpr input, String _) ? input : column);
            }
        }
        return keys;
    }

    private static NamedExpr key(NamedExpr expr) {
        return position(expr);
    }

    /// A whole number as a column's position.
    static NamedExpr position(NamedExpr expr) {
        return expr instanceof NamedExpr.Literal(Scalar value) && value.value() instanceof Integer position
                ? new NamedExpr.Ordinal(position)
                : expr;
    }

    private List<List<NamedExpr>> sets(GroupingAnalyticsContext context) {
        if (context.ROLLUP() != null) {
            return rollup(context.groupingSet().stream().map(this::set).toList());
        }
        if (context.CUBE() != null) {
            return cube(context.groupingSet().stream().map(this::set).toList());
        }
        List<List<NamedExpr>> sets = new ArrayList<>();
        for (GroupingElementContext element : context.groupingElement()) {
            if (element.groupingAnalytics() != null) {
                sets.addAll(sets(element.groupingAnalytics()));
            } else {
                sets.add(set(element.groupingSet()));
            }
        }
        return sets;
    }

    private List<NamedExpr> set(GroupingSetContext context) {
        return reading.expressions().expressions(context.expression()).stream()
                .map(SelectReader::key)
                .toList();
    }

    /// All beginnings of a list, the longest first.
    static <E> List<List<E>> rollup(List<List<E>> parts) {
        List<List<E>> sets = new ArrayList<>();
        for (int size = parts.size(); size >= 0; size--) {
            sets.add(parts.subList(0, size).stream().flatMap(List::stream).toList());
        }
        return sets;
    }

    /// All subsets of a list, the largest first.
    static <E> List<List<E>> cube(List<List<E>> parts) {
        if (parts.isEmpty()) {
            return List.of(List.of());
        }
        List<List<E>> rest = cube(parts.subList(1, parts.size()));
        List<List<E>> sets = new ArrayList<>();
        for (List<E> subset : rest) {
            List<E> with = new ArrayList<>(parts.getFirst());
            with.addAll(subset);
            sets.add(with);
        }
        sets.addAll(rest);
        return sets;
    }

    /// `GROUP BY a, CUBE(b), GROUPING SETS (…)`: one of each combined with one of each other.
    private static List<List<NamedExpr>> product(List<List<List<NamedExpr>>> factors) {
        List<List<NamedExpr>> product = List.of(List.of());
        for (List<List<NamedExpr>> factor : factors) {
            List<List<NamedExpr>> longer = new ArrayList<>();
            for (List<NamedExpr> before : product) {
                for (List<NamedExpr> set : factor) {
                    List<NamedExpr> both = new ArrayList<>(before);
                    both.addAll(set);
                    longer.add(both);
                }
            }
            product = longer;
        }
        return product;
    }

    private static NamedPlan groupingSets(
            NamedPlan input, List<List<NamedExpr>> sets, List<NamedExpr> first, List<NamedExpr> columns) {
        Set<NamedExpr> keys = new LinkedHashSet<>(first);
        sets.forEach(keys::addAll);
        List<NamedExpr> all = List.copyOf(keys);
        List<List<Integer>> positions = sets.stream()
                .map(set -> set.stream().map(all::indexOf).distinct().toList())
                .toList();
        return new NamedPlan.GroupingSets(input, all, positions, columns);
    }
}

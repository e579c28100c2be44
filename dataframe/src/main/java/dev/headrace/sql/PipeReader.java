package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.OperatorPipeRightSideContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.OperatorPipeSetAssignmentSeqContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SelectClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WindowDefContext;

/// Reads the operators of pipe syntax: `FROM t |> WHERE x > 1 |> SELECT y`.
final class PipeReader {
    private final Reading reading;

    PipeReader(Reading reading) {
        this.reading = reading;
    }

    NamedPlan pipe(NamedPlan input, OperatorPipeRightSideContext context) {
        Map<String, WindowDefContext> windows = reading.windows().enter(context.windowClause());
        NamedPlan plan = reading.placed(operator(input, context), context);
        reading.windows().leave(windows);
        return plan;
    }

    private NamedPlan operator(NamedPlan input, OperatorPipeRightSideContext context) {
        if (context.AGGREGATE() != null) {
            return aggregate(input, context);
        }
        if (context.selectClause() != null) {
            return select(input, context);
        }
        if (context.EXTEND() != null) {
            List<NamedExpr> columns = new ArrayList<>(List.of(new NamedExpr.Star(List.of())));
            columns.addAll(reading.expressions().named(context.extendList));
            return new NamedPlan.Project(input, columns);
        }
        if (context.SET() != null) {
            return set(input, context.operatorPipeSetAssignmentSeq());
        }
        if (context.DROP() != null) {
            return new NamedPlan.Project(
                    input,
                    List.of(new NamedExpr.StarExcept(
                            new NamedExpr.Star(List.of()),
                            context.multipartIdentifierList().multipartIdentifier().stream()
                                    .map(reading.names()::of)
                                    .toList())));
        }
        if (context.AS() != null) {
            return new NamedPlan.SubqueryAlias(input, reading.names().of(context.errorCapturingIdentifier()));
        }
        if (context.whereClause() != null) {
            return new NamedPlan.Filter(
                    new NamedPlan.Closed(input),
                    reading.expressions().condition(context.whereClause().booleanExpression()));
        }
        return combine(input, context);
    }

    private NamedPlan combine(NamedPlan input, OperatorPipeRightSideContext context) {
        if (context.pivotClause() != null) {
            return new PivotReader(reading).pivot(input, context.pivotClause());
        }
        if (context.unpivotClause() != null) {
            return new PivotReader(reading).unpivot(input, context.unpivotClause());
        }
        if (context.sample() != null) {
            return reading.relations().sampled(input, context.sample());
        }
        if (context.joinRelation() != null) {
            return reading.relations().join(input, context.joinRelation());
        }
        if (context.operator != null) {
            return QueryReader.setOperation(
                    input,
                    context.operator.getType(),
                    context.setQuantifier(),
                    reading.queries().primary(context.right));
        }
        return reading.queries().organized(input, context.queryOrganization());
    }

    private NamedPlan select(NamedPlan input, OperatorPipeRightSideContext context) {
        SelectClauseContext select = context.selectClause();
        NamedPlan plan = new NamedPlan.Project(input, reading.expressions().named(select.namedExpressionSeq()));
        boolean distinct =
                select.setQuantifier() != null && select.setQuantifier().DISTINCT() != null;
        return distinct ? new NamedPlan.Deduplicate(plan, List.of(), false) : plan;
    }

    private NamedPlan set(NamedPlan input, OperatorPipeSetAssignmentSeqContext context) {
        NamedPlan plan = input;
        for (int i = 0; i < context.ident.size(); i++) {
            NamedExpr value = reading.expressions().expression(context.expression(i));
            String name = reading.names().of(context.ident.get(i));
            plan = new NamedPlan.WithColumns(plan, List.of(new NamedExpr.Alias(value, name)));
        }
        return plan;
    }

    private NamedPlan aggregate(NamedPlan input, OperatorPipeRightSideContext context) {
        List<NamedExpr> aggregates = context.namedExpressionSeq() == null
                ? List.of()
                : reading.expressions().named(context.namedExpressionSeq());
        if (context.aggregationClause() == null) {
            return new NamedPlan.Aggregate(input, List.of(), aggregates);
        }
        NamedPlan grouped = reading.selects().aggregate(input, context.aggregationClause(), aggregates);
        List<NamedExpr> columns = new ArrayList<>();
        return switch (grouped) {
            case NamedPlan.Aggregate(NamedPlan from, List<NamedExpr> keys, List<NamedExpr> _, var _) -> {
                columns.addAll(keys);
                columns.addAll(aggregates);
                yield new NamedPlan.Aggregate(
                        from, keys.stream().map(PipeReader::plain).toList(), columns);
            }
            case NamedPlan.GroupingSets(
                    NamedPlan from,
                    List<NamedExpr> keys,
                    List<List<Integer>> sets,
                    List<NamedExpr> _) -> {
                columns.addAll(keys);
                columns.addAll(aggregates);
                yield new NamedPlan.GroupingSets(from, keys, sets, columns);
            }
            default -> throw new IllegalStateException("not a grouping: " + grouped);
        };
    }

    private static NamedExpr plain(NamedExpr key) {
        return key instanceof NamedExpr.Alias(NamedExpr input, String _) ? input : key;
    }
}

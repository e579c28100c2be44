package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PivotClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PivotValueContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnpivotAliasContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnpivotClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnpivotColumnContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnpivotMultiValueColumnClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnpivotSingleValueColumnClauseContext;

/// Reads PIVOT and UNPIVOT.
final class PivotReader {
    private final Reading reading;

    PivotReader(Reading reading) {
        this.reading = reading;
    }

    NamedPlan pivot(NamedPlan input, PivotClauseContext context) {
        List<NamedExpr> columns = context.pivotColumn().identifiers.stream()
                .map(name -> reading.placed(
                        ExpressionReader.name(List.of(reading.names().of(name))), name))
                .toList();
        List<NamedPlan.Pivot.PivotValue> values = new ArrayList<>();
        for (PivotValueContext value : context.pivotValues) {
            values.add(new NamedPlan.Pivot.PivotValue(
                    constants(reading.expressions().expression(value.expression())).stream()
                            .map(constant -> known(constant, value))
                            .toList(),
                    Optional.ofNullable(value.errorCapturingIdentifier()).map(reading.names()::of)));
        }
        return reading.placed(
                new NamedPlan.Pivot(
                        input,
                        Optional.empty(),
                        columns,
                        values,
                        reading.expressions().named(context.aggregates),
                        reading.zone()),
                context);
    }

    private static List<NamedExpr> constants(NamedExpr value) {
        return value instanceof NamedExpr.Call call && call.function().equals("struct")
                ? call.arguments()
                : List.of(value);
    }

    /// Its value, which names the column, if it is a constant.
    private NamedExpr known(NamedExpr expr, PivotValueContext context) {
        return expr instanceof NamedExpr.Literal
                ? expr
                : reading.constant(expr)
                        .<NamedExpr>map(value -> reading.placed(new NamedExpr.Literal(value), context))
                        .orElse(expr);
    }

    NamedPlan unpivot(NamedPlan input, UnpivotClauseContext context) {
        boolean includeNulls = context.nullOperator != null && context.nullOperator.INCLUDE() != null;
        UnpivotSingleValueColumnClauseContext single = context.operator.unpivotSingleValueColumnClause();
        NamedPlan plan = single != null
                ? single(input, single, includeNulls)
                : multi(input, context.operator.unpivotMultiValueColumnClause(), includeNulls);
        reading.placed(plan, context);
        return context.errorCapturingIdentifier() == null
                ? plan
                : new NamedPlan.SubqueryAlias(plan, reading.names().of(context.errorCapturingIdentifier()));
    }

    private NamedPlan single(NamedPlan input, UnpivotSingleValueColumnClauseContext context, boolean includeNulls) {
        List<NamedPlan.Unpivot.UnpivotSet> sets = context.unpivotColumns.stream()
                .map(column -> new NamedPlan.Unpivot.UnpivotSet(
                        List.of(column(column.unpivotColumn())), alias(column.unpivotAlias())))
                .toList();
        return new NamedPlan.Unpivot(
                input,
                Optional.empty(),
                sets,
                reading.names().plain(context.unpivotNameColumn().identifier()),
                List.of(reading.names().plain(context.unpivotValueColumn().identifier())),
                includeNulls);
    }

    private NamedPlan multi(NamedPlan input, UnpivotMultiValueColumnClauseContext context, boolean includeNulls) {
        List<NamedPlan.Unpivot.UnpivotSet> sets = context.unpivotColumnSets.stream()
                .map(set -> new NamedPlan.Unpivot.UnpivotSet(
                        set.unpivotColumns.stream().map(this::column).toList(), alias(set.unpivotAlias())))
                .toList();
        return new NamedPlan.Unpivot(
                input,
                Optional.empty(),
                sets,
                reading.names().plain(context.unpivotNameColumn().identifier()),
                context.unpivotValueColumns.stream()
                        .map(column -> reading.names().plain(column.identifier()))
                        .toList(),
                includeNulls);
    }

    private NamedExpr column(UnpivotColumnContext context) {
        return reading.placed(ExpressionReader.name(reading.names().of(context.multipartIdentifier())), context);
    }

    private Optional<String> alias(@org.jspecify.annotations.Nullable UnpivotAliasContext context) {
        return Optional.ofNullable(context).map(alias -> reading.names().of(alias.errorCapturingIdentifier()));
    }
}

package dev.headrace.sql;

import dev.headrace.function.Coercion;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.jspecify.annotations.Nullable;

/// Reads `VALUES (1, 'a'), (2, 'b')`: as rows in memory if all are constants, else as a union of one-row queries.
final class InlineTable {
    private final Reading reading;

    InlineTable(Reading reading) {
        this.reading = reading;
    }

    NamedPlan plan(List<ExpressionContext> contexts) {
        List<List<NamedExpr>> rows = new ArrayList<>();
        for (ExpressionContext context : contexts) {
            List<NamedExpr> row = row(context);
            if (!rows.isEmpty() && rows.getFirst().size() != row.size()) {
                throw reading.text()
                        .error(
                                "INVALID_INLINE_TABLE",
                                "This row has " + row.size() + " values, but the first one has "
                                        + rows.getFirst().size() + ".",
                                context);
            }
            rows.add(row);
        }
        return constants(rows).orElseGet(() -> union(rows));
    }

    private List<NamedExpr> row(ExpressionContext context) {
        NamedExpr expr = reading.expressions().expression(context);
        boolean several = expr instanceof NamedExpr.Call call && call.function().equals("struct");
        return several ? ((NamedExpr.Call) expr).arguments() : List.of(expr);
    }

    private static Optional<NamedPlan> constants(List<List<NamedExpr>> rows) {
        List<StructField> fields = new ArrayList<>();
        for (int c = 0; c < rows.getFirst().size(); c++) {
            int column = c;
            if (!rows.stream().allMatch(row -> row.get(column) instanceof NamedExpr.Literal)) {
                return Optional.empty();
            }
            List<DataType> types = rows.stream()
                    .map(row -> scalar(row.get(column)).type())
                    .distinct()
                    .toList();
            Optional<DataType> common = Coercion.commonType(types);
            if (common.isEmpty()) {
                return Optional.empty();
            }
            boolean nullable =
                    rows.stream().anyMatch(row -> scalar(row.get(column)).isNull());
            fields.add(new StructField("col" + (c + 1), common.get(), nullable));
        }
        List<List<@Nullable Object>> cells = new ArrayList<>();
        for (List<NamedExpr> row : rows) {
            List<@Nullable Object> values = new ArrayList<>();
            for (int c = 0; c < row.size(); c++) {
                BoundExpr literal = new BoundExpr.Literal(scalar(row.get(c)));
                if (!(Coercion.cast(literal, fields.get(c).dataType(), CastFailure.ERROR)
                        instanceof BoundExpr.Literal(Scalar value))) {
                    return Optional.empty();
                }
                values.add(value.value());
            }
            cells.add(values);
        }
        return Optional.of(new NamedPlan.LocalRelation(new StructType(fields), cells));
    }

    private static Scalar scalar(NamedExpr expr) {
        return ((NamedExpr.Literal) expr).value();
    }

    private static NamedPlan union(List<List<NamedExpr>> rows) {
        NamedPlan plan = null;
        for (List<NamedExpr> row : rows) {
            List<NamedExpr> columns = new ArrayList<>();
            for (NamedExpr value : row) {
                NamedExpr plain = value instanceof NamedExpr.Alias(NamedExpr input, String _) ? input : value;
                columns.add(new NamedExpr.Alias(plain, "col" + (columns.size() + 1)));
            }
            NamedPlan one = new NamedPlan.Project(RelationReader.oneRow(), columns);
            plan = plan == null ? one : new NamedPlan.Union(plan, one, false, false);
        }
        if (plan == null) {
            throw new IllegalStateException("VALUES without rows");
        }
        return plan;
    }
}

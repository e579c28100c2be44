package dev.headrace.plan.rules;

import dev.headrace.connector.PayloadDecoder;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Table;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/// Lets a scan decode payloads, if its table can: `from_json(cast(value as string), …)` over it becomes one more column
/// of the scan, so that a parser writes straight into columns, and only those that the query uses. Filters,
/// watermarks and load shedding may lie in between.
final class DecodePayloads implements Rule {
    private final Function<BoundExpr, Optional<PayloadDecoder>> decoderOf;

    /// @param decoderOf what a call decodes, if it is one like `from_json` that gives a struct from its first argument
    DecodePayloads(Function<BoundExpr, Optional<PayloadDecoder>> decoderOf) {
        this.decoderOf = decoderOf;
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(plan, this::decode);
    }

    private LogicalPlan decode(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Project project -> decoded(project, project.input());
            case LogicalPlan.Aggregate aggregate -> decoded(aggregate, aggregate.input());
            case LogicalPlan.Filter filter -> decoded(filter, filter.input());
            case LogicalPlan.Explode explode -> decoded(explode, explode.input());
            default -> plan;
        };
    }

    private LogicalPlan decoded(LogicalPlan node, LogicalPlan input) {
        Optional<LogicalPlan.Scan> scan = scanBelow(input);
        if (scan.isEmpty()) {
            return node;
        }
        Map<BoundExpr, ScanColumn.Decoded> calls = new LinkedHashMap<>();
        boolean direct = input instanceof LogicalPlan.Scan;
        Expressions.map(node, expr -> {
            collect(expr, scan.get(), direct, calls);
            return expr;
        });
        if (calls.isEmpty()) {
            return node;
        }
        List<ScanColumn> columns = new ArrayList<>(scan.get().request().columns());
        calls.values().stream()
                .distinct()
                .filter(column -> !columns.contains(column))
                .forEach(columns::add);
        LogicalPlan below = withColumns(input, columns);
        StructType schema = below.schema();
        LogicalPlan above = Expressions.map(
                node.mapInputs(_ -> below),
                expr -> replaced(expr, call -> Columns.of(schema, columns.indexOf(calls.get(call))), calls));
        return restored(
                node, above, columns.size() - scan.get().request().columns().size());
    }

    private static Optional<LogicalPlan.Scan> scanBelow(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Scan scan -> Optional.of(scan);
            case LogicalPlan.Filter filter -> scanBelow(filter.input());
            case LogicalPlan.Watermark watermark -> scanBelow(watermark.input());
            case LogicalPlan.Shed shed -> scanBelow(shed.input());
            default -> Optional.empty();
        };
    }

    private static LogicalPlan withColumns(LogicalPlan plan, List<ScanColumn> columns) {
        return plan instanceof LogicalPlan.Scan(Table table, ScanRequest request)
                ? new LogicalPlan.Scan(table, new ScanRequest(columns, request.filters(), request.limit()))
                : plan.mapInputs(input -> withColumns(input, columns));
    }

    /// @param always whether the expression is evaluated for every row of the scan
    private void collect(
            BoundExpr expr, LogicalPlan.Scan scan, boolean always, Map<BoundExpr, ScanColumn.Decoded> calls) {
        Optional<ScanColumn.Decoded> column =
                decoderOf.apply(expr).flatMap(decoder -> column(expr, decoder, scan, always));
        if (column.isPresent()) {
            calls.put(expr, column.get());
            return;
        }
        boolean choosing = choosesByTheFirst(expr);
        List<BoundExpr> operands = expr.operands();
        for (int i = 0; i < operands.size(); i++) {
            collect(operands.get(i), scan, always && (i == 0 || !choosing), calls);
        }
    }

    /// Whether what the first operand gives decides which of the others are evaluated.
    private static boolean choosesByTheFirst(BoundExpr expr) {
        return expr instanceof BoundExpr.Case
                || expr instanceof BoundExpr.Coalesce
                || expr instanceof BoundExpr.And
                || expr instanceof BoundExpr.Or;
    }

    /// The column that a call becomes, if its payload is a text or binary of the table and the table decodes it.
    private static Optional<ScanColumn.Decoded> column(
            BoundExpr call, PayloadDecoder decoder, LogicalPlan.Scan scan, boolean always) {
        OptionalInt payload = payload(call.operands().getFirst());
        // Rows that a filter or a condition leaves out may fail.
        if (payload.isEmpty() || decoder.mayFail() && !always || !scan.table().decodes(decoder)) {
            return Optional.empty();
        }
        ScanColumn source = scan.request().columns().get(payload.getAsInt());
        if (!(source instanceof ScanColumn.Stored(int ordinal, StructField field))) {
            return Optional.empty();
        }
        StructField made =
                new StructField("from_" + decoder.format() + "(" + field.name() + ")", decoder.schema(), true);
        return Optional.of(new ScanColumn.Decoded(ordinal, decoder, made));
    }

    private static OptionalInt payload(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Column column when isBytes(column.type()) -> OptionalInt.of(column.ordinal());
            case BoundExpr.Cast cast
                    when cast.type() instanceof StringType && isBytes(cast.input().type()) -> payload(cast.input());
            default -> OptionalInt.empty();
        };
    }

    private static boolean isBytes(DataType type) {
        return type instanceof StringType || type instanceof BinaryType;
    }

    private static BoundExpr replaced(
            BoundExpr expr, Function<BoundExpr, BoundExpr> column, Map<BoundExpr, ScanColumn.Decoded> calls) {
        return calls.containsKey(expr)
                ? column.apply(expr)
                : expr.mapOperands(operand -> replaced(operand, column, calls));
    }

    /// The node with the columns that it had before, where it passes its input's on.
    private static LogicalPlan restored(LogicalPlan before, LogicalPlan after, int added) {
        StructType wide = after.schema();
        if (wide.size() == before.schema().size()) {
            return after;
        }
        int inputWidth = before.inputs().getFirst().schema().size();
        List<OutputColumn> columns = new ArrayList<>();
        for (int i = 0; i < before.schema().size(); i++) {
            columns.add(Columns.keep(wide, i < inputWidth ? i : i + added));
        }
        return new LogicalPlan.Project(after, columns);
    }
}

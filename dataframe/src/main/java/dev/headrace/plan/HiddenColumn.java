package dev.headrace.plan;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Table;
import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// The column `_metadata` of tables that have it: it is read only where an expression names it, or asks for the row's
/// file, and no star stands for it.
///
/// A step that uses it is analyzed over its input made wider by the column, all the way down to the scan.
final class HiddenColumn {
    static final String NAME = "_metadata";

    /// Functions of the row's file, and which field of the column they are.
    private static final Map<String, String> FUNCTIONS = Map.of(
            "input_file_name", "file_path",
            "input_file_block_start", "file_block_start",
            "input_file_block_length", "file_block_length");

    private HiddenColumn() {}

    /// A plan with the column.
    ///
    /// @param plan has the columns that it had, in order, and perhaps more behind them
    /// @param ordinal the hidden column's
    private record Found(LogicalPlan plan, int ordinal) {}

    /// The input with the column behind its own, if the expressions use it and the input can have it; else as it is.
    static Resolved within(Resolved input, List<? extends NamedExpr> users) {
        Scope scope = input.scope();
        if (!scope.named(NAME).isEmpty() || users.stream().noneMatch(HiddenColumn::isUsed)) {
            return input;
        }
        return find(input.plan())
                .map(found -> behind(found, scope.schema().size()))
                .map(plan -> Resolved.of(plan, scope.withHidden(NAME, plan.schema())))
                .orElse(input);
    }

    private static boolean isUsed(NamedExpr expr) {
        return switch (expr) {
            case NamedExpr.Name name -> name.parts().stream().limit(2).anyMatch(NAME::equalsIgnoreCase);
            case NamedExpr.Call call when isFunction(call.function()) -> true;
            default -> expr.operands().stream().anyMatch(HiddenColumn::isUsed);
        };
    }

    static boolean isFunction(String function) {
        return FUNCTIONS.containsKey(function.toLowerCase(Locale.ROOT));
    }

    /// What a function of the row's file gives; as in Spark, no text and -1 where rows are from no file.
    static BoundExpr function(NamedExpr.Call call, Scope scope) {
        String function = call.function().toLowerCase(Locale.ROOT);
        if (!call.arguments().isEmpty()) {
            throw new QueryException("WRONG_NUM_ARGS", function + "() takes no arguments.");
        }
        String field = Objects.requireNonNull(FUNCTIONS.get(function));
        if (scope.hasHidden(NAME)) {
            BoundExpr value = ExprBinder.column(scope, new NamedExpr.Name(List.of(NAME, field), OptionalLong.empty()));
            return field.equals("file_path") ? uri(value) : value;
        }
        return new BoundExpr.Literal(function.equals("input_file_name") ? Scalar.of("") : Scalar.of(-1L));
    }

    /// Of a path as `_metadata` has it, `file:/data/a.csv`, what `input_file_name()` gives: `file:///data/a.csv`.
    private static BoundExpr uri(BoundExpr path) {
        return Selection.bindScalar(
                "if",
                Selection.bindScalar("startswith", path, literal("file:/")),
                Selection.bindScalar(
                        "concat",
                        literal("file://"),
                        Selection.bindScalar("substring", path, new BoundExpr.Literal(Scalar.of(6)))),
                path);
    }

    private static BoundExpr literal(String text) {
        return new BoundExpr.Literal(Scalar.of(text));
    }

    /// @return the plan that had so many columns, with the hidden one right behind them and no others
    private static LogicalPlan behind(Found found, int width) {
        if (found.ordinal() == width && found.plan().schema().size() == width + 1) {
            return found.plan();
        }
        List<OutputColumn> columns =
                new ArrayList<>(Decorrelation.identity(found.plan()).subList(0, width));
        columns.add(Decorrelation.identity(found.plan()).get(found.ordinal()));
        return new LogicalPlan.Project(found.plan(), columns);
    }

    private static Optional<Found> find(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Scan(Table table, ScanRequest request) -> {
                StructType schema = table.schema();
                int there = schema.indexOf(NAME).orElse(-1);
                if (there >= 0 && isOfFiles(schema.field(there).dataType())) {
                    yield Optional.of(new Found(plan, there));
                }
                if (!request.equals(ScanRequest.all(schema))) {
                    yield Optional.empty();
                }
                yield table.withMetadata()
                        .map(wider ->
                                new Found(new LogicalPlan.Scan(wider, ScanRequest.all(wider.schema())), schema.size()));
            }
            case LogicalPlan.Project(LogicalPlan input, List<OutputColumn> columns) ->
                find(input).map(found -> {
                    List<OutputColumn> more = new ArrayList<>(columns);
                    more.add(Decorrelation.identity(found.plan()).get(found.ordinal()));
                    return new Found(new LogicalPlan.Project(found.plan(), more), columns.size());
                });
            case LogicalPlan.Filter _,
                    LogicalPlan.Sort _,
                    LogicalPlan.Limit _,
                    LogicalPlan.Watermark _,
                    LogicalPlan.Observe _,
                    LogicalPlan.Shed _ ->
                find(plan.inputs().getFirst())
                        .map(found -> new Found(plan.mapInputs(_ -> found.plan()), found.ordinal()));
            case LogicalPlan.Join join -> joined(join);
            case LogicalPlan.Explode explode -> find(explode.input()).map(found -> exploded(explode, found));
            default -> Optional.empty();
        };
    }

    private static boolean isOfFiles(DataType type) {
        return type instanceof StructType fields && FUNCTIONS.values().stream().allMatch(fields.names()::contains);
    }

    /// Of the left side, if it is the only one that has it and all pairs have a row of it: joins that conditions with
    /// subqueries became are such.
    private static Optional<Found> joined(LogicalPlan.Join join) {
        return switch (join.type()) {
            case LEFT_SEMI, LEFT_ANTI ->
                find(join.left()).map(found -> new Found(overWider(join, found), found.ordinal()));
            case INNER, CROSS, LEFT_OUTER ->
                find(join.right()).isPresent()
                        ? Optional.empty()
                        : find(join.left()).map(found -> behindBoth(join, found));
            case RIGHT_OUTER, FULL_OUTER -> Optional.empty();
        };
    }

    private static LogicalPlan.Join overWider(LogicalPlan.Join join, Found found) {
        int width = join.left().schema().size();
        int more = found.plan().schema().size() - width;
        return new LogicalPlan.Join(
                found.plan(),
                join.right(),
                join.type(),
                join.condition().map(condition -> moved(condition, width, more)));
    }

    /// Columns from the right side's first on are behind more columns now.
    private static BoundExpr moved(BoundExpr expr, int from, int by) {
        return expr instanceof BoundExpr.Column column && !Slots.isOuter(column) && column.ordinal() >= from
                ? new BoundExpr.Column(column.ordinal() + by, column.name(), column.type(), column.nullable())
                : expr.mapOperands(operand -> moved(operand, from, by));
    }

    private static Found behindBoth(LogicalPlan.Join join, Found found) {
        LogicalPlan plan = overWider(join, found);
        List<OutputColumn> identity = Decorrelation.identity(plan);
        List<OutputColumn> columns =
                new ArrayList<>(identity.subList(0, join.left().schema().size()));
        columns.addAll(identity.subList(found.plan().schema().size(), identity.size()));
        columns.add(identity.get(found.ordinal()));
        return new Found(new LogicalPlan.Project(plan, columns), columns.size() - 1);
    }

    /// The elements go behind the input's columns, which are more now.
    private static Found exploded(LogicalPlan.Explode explode, Found found) {
        int width = explode.input().schema().size();
        LogicalPlan plan = explode.mapInputs(_ -> found.plan());
        List<OutputColumn> identity = Decorrelation.identity(plan);
        List<OutputColumn> columns = new ArrayList<>(identity.subList(0, width));
        columns.addAll(identity.subList(found.plan().schema().size(), identity.size()));
        columns.add(identity.get(found.ordinal()));
        return new Found(new LogicalPlan.Project(plan, columns), columns.size() - 1);
    }
}

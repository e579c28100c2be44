package dev.headrace.plan;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.function.Coercion;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Analyzes generator functions: `explode`, `posexplode`, `inline` and `stack`.
final class Generators {
    private static final int MOST_STACKED = 10_000;

    private Generators() {}

    /// The input's columns, and behind them what the function gives.
    ///
    /// @param first of the function's columns
    record Generated(Resolved resolved, int first) {}

    static Resolved of(Resolved input, NamedPlan.Generate generate) {
        if (!(generate.generator() instanceof NamedExpr.Call call) || !ExprBinder.isGenerator(call)) {
            throw new QueryException(
                            "UNSUPPORTED_GENERATOR",
                            "'" + generate.generator().text() + "' is not a generator function. Generator functions: "
                                    + String.join(", ", new java.util.TreeSet<>(ExprBinder.GENERATORS)) + ".")
                    .within(generate.generator());
        }
        return generate(input, call, generate.names(), generate.outer(), generate.qualifier(), "LATERAL VIEW")
                .resolved();
    }

    /// @param names of the function's columns; empty: those that it gives
    static Generated generate(
            Resolved input,
            NamedExpr.Call call,
            List<String> names,
            boolean outer,
            Optional<String> qualifier,
            String place) {
        String function = call.function().toLowerCase(Locale.ROOT);
        boolean keepsRows = outer || function.endsWith("_outer");
        int width = input.schema().size();
        if (function.equals("stack")) {
            return rows(input, stack(input, call, place), call, names, keepsRows, qualifier);
        }
        if (function.equals("json_tuple")) {
            return rows(input, jsonTuple(input, call, place), call, names, keepsRows, qualifier);
        }
        if (call.arguments().size() != 1) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    function + "(…) takes one array or map, not "
                            + call.arguments().size() + " arguments.");
        }
        if (function.startsWith("variant_explode")) {
            NamedExpr entries =
                    new NamedExpr.Call("variant_entries", call.arguments().toArray(NamedExpr[]::new));
            BoundExpr bound = ExprBinder.in(input.scope(), place).bind(entries);
            return rows(input, bound, call, names, keepsRows, qualifier);
        }
        BoundExpr collection =
                ExprBinder.in(input.scope(), place).bind(call.arguments().getFirst());
        if (function.startsWith("inline")) {
            if (!(collection.type() instanceof ArrayType(DataType element, boolean _))
                    || !(element instanceof StructType)) {
                throw mismatch(function, collection, "an array of structs");
            }
            return rows(input, collection, call, names, keepsRows, qualifier);
        }
        boolean withPosition = function.startsWith("pos");
        List<String> own = new ArrayList<>(withPosition ? List.of("pos") : List.of());
        switch (collection.type()) {
            case ArrayType _ -> own.add("col");
            case MapType _ -> own.addAll(List.of("key", "value"));
            default -> throw mismatch(function, collection, "an array or a map");
        }
        List<String> given = named(own, names, call);
        LogicalPlan.Explode plan = new LogicalPlan.Explode(input.plan(), collection, keepsRows, withPosition, given);
        return new Generated(Resolved.of(plan, scope(input, plan, qualifier)), width);
    }

    private static QueryException mismatch(String function, BoundExpr collection, String expected) {
        return new QueryException(
                "DATATYPE_MISMATCH",
                "Argument 1 of '" + function + "' is '" + collection.text() + "' of type "
                        + collection.type().simpleString() + ": expected " + expected + ".");
    }

    private static List<String> named(List<String> own, List<String> names, NamedExpr.Call call) {
        if (names.isEmpty()) {
            return own;
        }
        if (names.size() != own.size()) {
            throw new QueryException(
                    "NUM_COLUMNS_MISMATCH",
                    "'" + call.text() + "' gives the columns " + String.join(", ", own)
                            + ", so it can't be called '" + String.join(", ", names)
                            + "'. Leave the alias out and rename the columns with withColumnRenamed(…).");
        }
        return names;
    }

    private static Scope scope(Resolved input, LogicalPlan plan, Optional<String> qualifier) {
        List<Scope.Entry> entries = new ArrayList<>(input.scope().entries());
        for (int i = entries.size(); i < plan.schema().size(); i++) {
            String name = plan.schema().field(i).name();
            entries.add(
                    qualifier.isPresent()
                            ? new Scope.Entry(name, List.of(qualifier.get()), List.of())
                            : Scope.Entry.of(name));
        }
        return new Scope(entries, plan.schema(), input.scope().outer());
    }

    /// The structs of an array as rows.
    private static Generated rows(
            Resolved input,
            BoundExpr structs,
            NamedExpr.Call call,
            List<String> names,
            boolean outer,
            Optional<String> qualifier) {
        int width = input.schema().size();
        LogicalPlan exploded = new LogicalPlan.Explode(input.plan(), structs, outer, false, List.of("_row"));
        StructType type = (StructType) ((ArrayType) structs.type()).elementType();
        List<String> given = named(type.names(), names, call);
        List<OutputColumn> columns =
                new ArrayList<>(Decorrelation.identity(exploded).subList(0, width));
        for (int i = 0; i < type.size(); i++) {
            columns.add(
                    new OutputColumn(given.get(i), new BoundExpr.GetField(Decorrelation.column(exploded, width), i)));
        }
        LogicalPlan plan = new LogicalPlan.Project(exploded, columns);
        return new Generated(Resolved.of(plan, scope(input, plan, qualifier)), width);
    }

    /// `json_tuple(json, 'a', 'b')`: one row of the texts of so many fields.
    private static BoundExpr jsonTuple(Resolved input, NamedExpr.Call call, String place) {
        ExprBinder binder = ExprBinder.in(input.scope(), place);
        if (call.arguments().size() < 2) {
            throw new QueryException(
                    "WRONG_NUM_ARGS", "json_tuple(json, name, …) takes a JSON text and the names of its fields.");
        }
        BoundExpr[] arguments = call.arguments().stream().map(binder::bind).toArray(BoundExpr[]::new);
        for (int i = 1; i < arguments.length; i++) {
            if (!(arguments[i] instanceof BoundExpr.Literal(Scalar(Slice _, StringType _)))) {
                throw new QueryException(
                        "DATATYPE_MISMATCH",
                        "Argument " + (i + 1) + " of 'json_tuple' is '" + arguments[i].text() + "' of type "
                                + arguments[i].type().simpleString() + ": expected a constant string.");
            }
        }
        return Selection.bindScalar("array", Selection.bindScalar("json_fields", arguments));
    }

    /// `stack(n, …)`: the values in n rows, as an array of structs.
    private static BoundExpr stack(Resolved input, NamedExpr.Call call, String place) {
        List<NamedExpr> arguments = call.arguments();
        if (arguments.size() < 2
                || !(arguments.getFirst() instanceof NamedExpr.Literal(Scalar count))
                || !(count.value() instanceof Integer rows)
                || rows < 1
                || rows > MOST_STACKED) {
            throw new QueryException(
                    "INVALID_STACK",
                    "stack(n, …) takes a constant number of rows, from 1 to " + MOST_STACKED + ", and the values.");
        }
        List<BoundExpr> values = new ArrayList<>();
        for (NamedExpr argument : arguments.subList(1, arguments.size())) {
            values.add(ExprBinder.in(input.scope(), place).bind(argument));
        }
        int width = (values.size() + rows - 1) / rows;
        List<StructField> fields = new ArrayList<>();
        List<List<BoundExpr>> table = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            table.add(new ArrayList<>());
        }
        for (int column = 0; column < width; column++) {
            List<BoundExpr> cells = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                int at = row * width + column;
                cells.add(at < values.size() ? values.get(at) : new BoundExpr.Literal(Scalar.NULL));
            }
            DataType type = Coercion.commonType(
                            cells.stream().map(BoundExpr::type).toList())
                    .orElseThrow(() -> new QueryException(
                            "DATATYPE_MISMATCH",
                            "The values of a column of stack(…) have no common type: "
                                    + cells.stream().map(BoundExpr::text).collect(Collectors.joining(", "))
                                    + "."));
            fields.add(new StructField("col" + column, type, true));
            for (int row = 0; row < rows; row++) {
                table.get(row).add(Coercion.cast(cells.get(row), type, CastFailure.ERROR));
            }
        }
        StructType type = new StructType(fields);
        return Selection.bindScalar(
                "array",
                table.stream()
                        .map(cells -> new BoundExpr.MakeStruct(cells, type))
                        .toArray(BoundExpr[]::new));
    }
}

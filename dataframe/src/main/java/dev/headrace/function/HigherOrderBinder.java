package dev.headrace.function;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.IntegerType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Binds the functions that take lambdas: says of which types the parameters are, and what comes of the body's type.
public final class HigherOrderBinder {
    private final String name;
    private final List<@Nullable BoundExpr> arguments;
    private final Lambdas lambdas;

    /// The lambdas of a call.
    public interface Lambdas {
        /// Binds the body of the lambda that is this argument.
        ///
        /// @param types of its parameters; a lambda may have fewer, but not fewer than `least`
        BoundExpr body(int argument, List<Parameter> types, int least);

        /// The bound body, closed.
        Lambda close(int argument, BoundExpr body);

        /// What the closed lambdas use of the row, in the order in which a call must be given it.
        List<BoundExpr> captured();
    }

    /// What a parameter stands for.
    public record Parameter(DataType type, boolean nullable) {}

    private HigherOrderBinder(String name, List<@Nullable BoundExpr> arguments, Lambdas lambdas) {
        this.name = name;
        this.arguments = arguments;
        this.lambdas = lambdas;
    }

    /// @param arguments null where the argument is a lambda
    /// @throws QueryException `UNRESOLVED_ROUTINE`, `WRONG_NUM_ARGS`, `DATATYPE_MISMATCH`, or `INVALID_LAMBDA` for a
    ///     function that takes none there
    public static BoundExpr bind(String name, List<@Nullable BoundExpr> arguments, Lambdas lambdas) {
        Signature signature = FunctionRegistry.lambdaSignature(name, arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            boolean wanted = signature.parameter(i).type().equals("lambda");
            if (wanted != (arguments.get(i) == null)) {
                throw new QueryException(
                        "INVALID_LAMBDA",
                        "Argument " + (i + 1) + " of '" + name + "' is " + (wanted ? "no lambda" : "a lambda")
                                + ". Expected: " + signature.text() + ", such as x -> x + 1 for a lambda.");
            }
        }
        String target = signature.target();
        return new HigherOrderBinder(name.toLowerCase(Locale.ROOT), arguments, lambdas)
                .bind(target.substring(target.indexOf('.') + 1));
    }

    private BoundExpr bind(String method) {
        return switch (method) {
            case "transform" -> transform();
            case "filter" -> {
                BoundExpr condition = condition(List.of(element(0), index()));
                yield call(method, strict(), argument(0).type(), 1, condition, argument(0));
            }
            case "exists", "forall" -> {
                BoundExpr condition = condition(List.of(element(0)));
                yield call(method, maybeNull(), DataTypes.BooleanType, 1, condition, argument(0));
            }
            case "aggregate" -> aggregate();
            case "zipWith" -> {
                Parameter left = element(0);
                Parameter right = element(1);
                BoundExpr body = lambdas.body(
                        2, List.of(new Parameter(left.type(), true), new Parameter(right.type(), true)), 2);
                yield call(method, strict(), arrayOf(body), 2, body, argument(0), argument(1));
            }
            case "sort" -> sort();
            case "mapFilter" -> {
                BoundExpr condition = condition(entry(0));
                yield call(method, strict(), argument(0).type(), 1, condition, argument(0));
            }
            case "transformKeys" -> {
                BoundExpr key = lambdas.body(1, entry(0), 2);
                MapType map = map(0);
                MapType type = CollectionBinder.mapOf(name, key.type(), map.valueType(), map.valueContainsNull());
                yield call(method, strict(), type, 1, key, argument(0));
            }
            case "transformValues" -> {
                BoundExpr value = lambdas.body(1, entry(0), 2);
                MapType type = new MapType(map(0).keyType(), value.type(), value.nullable());
                yield call(method, strict(), type, 1, value, argument(0));
            }
            case "mapZipWith" -> mapZipWith();
            default -> throw new IllegalStateException("no higher-order function " + method);
        };
    }

    private BoundExpr transform() {
        BoundExpr body = lambdas.body(1, List.of(element(0), index()), 1);
        return call("transform", strict(), arrayOf(body), 1, body, argument(0));
    }

    private BoundExpr aggregate() {
        BoundExpr start = argument(1);
        BoundExpr merged = lambdas.body(2, List.of(new Parameter(start.type(), true), element(0)), 2);
        if (!Coercion.sameType(merged.type(), start.type())) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    "'" + name + "': the lambda gives " + merged.type().simpleString() + ", but the start '"
                            + start.text() + "' is " + start.type().simpleString()
                            + ". Cast one of them: both must be of one type.");
        }
        Lambda merge = lambdas.close(2, merged);
        Optional<Lambda> finish = Optional.empty();
        DataType type = start.type();
        if (arguments.size() > 3) {
            BoundExpr finished = lambdas.body(3, List.of(new Parameter(start.type(), true)), 1);
            finish = Optional.of(lambdas.close(3, finished));
            type = finished.type();
        }
        return call(
                "aggregate",
                ScalarFunction.Nulls.CALLED,
                type,
                new HigherOrder(merge, finish),
                List.of(argument(0), start));
    }

    private BoundExpr sort() {
        Parameter element = element(0);
        BoundExpr comparison = lambdas.body(1, List.of(element, element), 2);
        if (!(comparison.type() instanceof IntegerType)) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    "'" + name + "': the lambda gives " + comparison.type().simpleString()
                            + ". It must give an int: -1, 0 or 1.");
        }
        return call("sort", strict(), argument(0).type(), 1, comparison, argument(0));
    }

    private BoundExpr mapZipWith() {
        MapType left = map(0);
        MapType right = map(1);
        DataType key = Coercion.commonType(left.keyType(), right.keyType())
                .orElseThrow(() -> ScalarBinder.mismatch(
                        name,
                        1,
                        argument(1),
                        "a map whose keys are " + left.keyType().simpleString()));
        List<Parameter> parameters = List.of(
                new Parameter(key, false),
                new Parameter(left.valueType(), true),
                new Parameter(right.valueType(), true));
        BoundExpr body = lambdas.body(2, parameters, 3);
        return call(
                "mapZipWith",
                strict(),
                new MapType(key, body.type(), body.nullable()),
                2,
                body,
                withKey(argument(0), left, key),
                withKey(argument(1), right, key));
    }

    private static BoundExpr withKey(BoundExpr map, MapType type, DataType key) {
        return Coercion.cast(map, new MapType(key, type.valueType(), type.valueContainsNull()), CastFailure.ERROR);
    }

    private BoundExpr condition(List<Parameter> parameters) {
        BoundExpr body = lambdas.body(1, parameters, map(parameters) ? 2 : 1);
        if (body.type() instanceof NullType) {
            return Coercion.cast(body, DataTypes.BooleanType, CastFailure.ERROR);
        }
        if (!(body.type() instanceof BooleanType)) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    "'" + name + "': the lambda gives " + body.type().simpleString() + ". It must give a boolean.");
        }
        return body;
    }

    private boolean map(List<Parameter> parameters) {
        return parameters.size() == 2 && argument(0).type() instanceof MapType;
    }

    private BoundExpr argument(int at) {
        return java.util.Objects.requireNonNull(arguments.get(at));
    }

    private Parameter element(int at) {
        return switch (argument(at).type()) {
            case ArrayType(DataType element, boolean containsNull) -> new Parameter(element, containsNull);
            case DataType _ -> throw ScalarBinder.mismatch(name, at, argument(at), "an array");
        };
    }

    private static Parameter index() {
        return new Parameter(DataTypes.IntegerType, false);
    }

    private MapType map(int at) {
        if (argument(at).type() instanceof MapType map) {
            return map;
        }
        throw ScalarBinder.mismatch(name, at, argument(at), "a map");
    }

    private List<Parameter> entry(int at) {
        MapType map = map(at);
        return List.of(new Parameter(map.keyType(), false), new Parameter(map.valueType(), map.valueContainsNull()));
    }

    private static ArrayType arrayOf(BoundExpr body) {
        return new ArrayType(body.type(), body.nullable());
    }

    private static ScalarFunction.Nulls strict() {
        return ScalarFunction.Nulls.STRICT;
    }

    private static ScalarFunction.Nulls maybeNull() {
        return ScalarFunction.Nulls.STRICT_MAYBE_NULL;
    }

    private BoundExpr call(
            String method,
            ScalarFunction.Nulls nulls,
            DataType type,
            int lambdaAt,
            BoundExpr body,
            BoundExpr... collections) {
        HigherOrder function = new HigherOrder(lambdas.close(lambdaAt, body), Optional.empty());
        return call(method, nulls, type, function, List.of(collections));
    }

    private BoundExpr call(
            String method,
            ScalarFunction.Nulls nulls,
            DataType type,
            HigherOrder function,
            List<BoundExpr> collections) {
        List<BoundExpr> all = new ArrayList<>();
        all.add(captured());
        all.addAll(collections);
        ScalarFunction bound = new ScalarFunction(
                name,
                ScalarBinder.method(
                        "HigherOrder." + method,
                        all.stream().map(BoundExpr::type).toList()),
                nulls,
                function.deterministic(),
                Optional.of(function));
        return new BoundExpr.Call(bound, all, type);
    }

    private BoundExpr captured() {
        List<BoundExpr> values = lambdas.captured();
        List<StructField> fields = new ArrayList<>();
        for (BoundExpr value : values) {
            fields.add(new StructField("col" + (fields.size() + 1), value.type(), value.nullable()));
        }
        return new BoundExpr.MakeStruct(values, new StructType(fields));
    }
}

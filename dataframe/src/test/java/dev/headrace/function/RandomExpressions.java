package dev.headrace.function;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Random typed expressions over a schema: all kinds of nodes, and all functions of the library but those that take
/// numbers as sizes.
///
/// Evaluating one may well fail with a [dev.headrace.errors.DataException], which generated code must do, too.
public final class RandomExpressions {
    private static final Set<String> LEFT_OUT = Set.of(
            "repeat",
            "space",
            "lpad",
            "rpad",
            "sequence",
            "array_repeat",
            "array_insert",
            "randstr",
            "aes_encrypt",
            "raise_error",
            "assert_true",
            "format_number");
    private static final List<Signature> FUNCTIONS = FunctionTable.lines()
            .map(Signature::parse)
            .filter(signature -> signature.kind() == Signature.Kind.METHOD)
            .filter(signature -> !signature.flags().contains(Signature.Flag.NONDETERMINISTIC))
            .filter(signature -> !LEFT_OUT.contains(signature.names().getFirst()))
            .toList();
    private static final List<String> COMPARISONS = List.of("=", "!=", "<", "<=", ">", ">=", "<=>");
    private static final List<String> ARITHMETIC =
            List.of("+", "-", "*", "%", "try_add", "try_subtract", "try_multiply");
    private static final List<String> MOVING = List.of("+", "-", "try_add", "try_subtract");
    private static final List<String> SCALING = List.of("*", "/", "try_multiply", "try_divide");

    private final RandomValues values;
    private final Random random;
    private final StructType schema;

    /// @param values the source of randomness
    /// @param schema what columns there are
    public RandomExpressions(RandomValues values, StructType schema) {
        this.values = values;
        random = values.random();
        this.schema = schema;
    }

    /// An expression of any type, of at most so many levels.
    public BoundExpr expression(int depth) {
        return random.nextInt(4) == 0 ? call(depth) : expression(values.type(), depth);
    }

    public BoundExpr predicate(int depth) {
        return expression(DataTypes.BooleanType, depth);
    }

    /// An expression of this type.
    public BoundExpr expression(DataType type, int depth) {
        if (depth <= 0 || random.nextInt(6) == 0) {
            return leaf(type);
        }
        BoundExpr expr = switch (random.nextInt(7)) {
            case 0 -> conditional(type, depth - 1);
            case 1 -> coalesce(type, depth - 1);
            case 2 -> cast(type, depth - 1);
            case 3 -> type instanceof StructType struct ? makeStruct(struct, depth - 1) : ofType(call(depth), type);
            default ->
                switch (type) {
                    case dev.headrace.types.BooleanType _ -> condition(depth - 1);
                    case NumericType _ -> arithmetic(type, depth - 1);
                    case AnsiIntervalType _ -> interval(type, depth - 1);
                    case DateType _, TimestampType _, TimestampNTZType _ -> moved(type, depth - 1);
                    default -> ofType(call(depth), type);
                };
        };
        return expr.type().equals(type) ? expr : leaf(type);
    }

    /// The expression as a value of the type if that is possible.
    private BoundExpr ofType(BoundExpr expr, DataType type) {
        return CastRules.allowed(expr.type(), type) ? Coercion.cast(expr, type, failure()) : leaf(type);
    }

    private CastFailure failure() {
        return random.nextInt(3) == 0 ? CastFailure.ERROR : CastFailure.NULL;
    }

    private BoundExpr leaf(DataType type) {
        List<BoundExpr> columns = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            StructField field = schema.field(i);
            BoundExpr column = new BoundExpr.Column(i, field.name(), field.dataType(), field.nullable());
            if (field.dataType().equals(type)) {
                columns.add(column);
            } else if (field.dataType() instanceof StructType struct) {
                for (int j = 0; j < struct.size(); j++) {
                    if (struct.field(j).dataType().equals(type)) {
                        columns.add(new BoundExpr.GetField(column, j));
                    }
                }
            }
        }
        if (!columns.isEmpty() && random.nextInt(4) > 0) {
            return values.pick(columns);
        }
        return new BoundExpr.Literal(new Scalar(values.value(type), type));
    }

    private BoundExpr conditional(DataType type, int depth) {
        List<BoundExpr.Case.Branch> branches = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            branches.add(new BoundExpr.Case.Branch(predicate(depth), expression(type, depth)));
        }
        Optional<BoundExpr> otherwise = random.nextBoolean() ? Optional.of(expression(type, depth)) : Optional.empty();
        return new BoundExpr.Case(branches, otherwise, type);
    }

    private BoundExpr coalesce(DataType type, int depth) {
        return new BoundExpr.Coalesce(List.of(expression(type, depth), expression(type, depth)));
    }

    private BoundExpr cast(DataType type, int depth) {
        return ofType(expression(values.atomicType(), depth), type);
    }

    private BoundExpr makeStruct(StructType type, int depth) {
        List<BoundExpr> fields = new ArrayList<>();
        for (StructField field : type) {
            BoundExpr value = expression(field.dataType(), depth);
            if (!field.nullable() && value.nullable()) {
                value = new BoundExpr.Literal(new Scalar(values.notNull(field.dataType()), field.dataType()));
            }
            fields.add(value);
        }
        return new BoundExpr.MakeStruct(fields, type);
    }

    private BoundExpr arithmetic(DataType type, int depth) {
        if (type instanceof DecimalType) {
            return ofType(bind(values.pick(ARITHMETIC), expression(type, depth), expression(decimal(), depth)), type);
        }
        return switch (random.nextInt(5)) {
            case 0 -> ofType(bind("/", expression(type, depth), expression(type, depth)), type);
            case 1 -> ofType(call(depth + 1), type);
            default -> bind(values.pick(ARITHMETIC), expression(type, depth), expression(type, depth));
        };
    }

    private BoundExpr interval(DataType type, int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> bind(values.pick(SCALING), expression(type, depth), expression(DataTypes.DoubleType, depth));
            case 1 -> bind(values.pick(SCALING), expression(type, depth), expression(decimal(), depth));
            case 2 -> {
                DataType time = random.nextBoolean() ? DataTypes.TimestampType : DataTypes.TimestampNTZType;
                yield ofType(bind("-", expression(time, depth), expression(time, depth)), type);
            }
            default -> bind(values.pick(MOVING), expression(type, depth), expression(type, depth));
        };
    }

    /// A date or time moved by an interval.
    private BoundExpr moved(DataType type, int depth) {
        DataType interval = type instanceof DateType || random.nextBoolean()
                ? DataTypes.createYearMonthIntervalType()
                : DataTypes.createDayTimeIntervalType();
        return random.nextBoolean()
                ? ofType(call(depth + 1), type)
                : bind(values.pick(MOVING), expression(type, depth), expression(interval, depth));
    }

    private DataType decimal() {
        return random.nextBoolean() ? new DecimalType(7, 2) : new DecimalType(38, 10);
    }

    private BoundExpr condition(int depth) {
        return switch (random.nextInt(6)) {
            case 0 -> new BoundExpr.And(predicate(depth), predicate(depth));
            case 1 -> new BoundExpr.Or(predicate(depth), predicate(depth));
            case 2 -> new BoundExpr.Not(predicate(depth));
            case 3 -> new BoundExpr.IsNull(expression(values.type(), depth));
            case 4 -> in(depth);
            default -> {
                DataType type = values.atomicType();
                yield bind(values.pick(COMPARISONS), expression(type, depth), expression(type, depth));
            }
        };
    }

    private BoundExpr in(int depth) {
        DataType type = values.atomicType();
        List<Scalar> constants = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            constants.add(new Scalar(values.value(type), type));
        }
        return new BoundExpr.In(expression(type, depth), constants);
    }

    /// A call of a random function with random arguments.
    private BoundExpr call(int depth) {
        Signature signature = values.pick(FUNCTIONS);
        DataType variable = values.atomicType();
        List<BoundExpr> arguments = new ArrayList<>();
        for (Signature.Parameter parameter : signature.parameters()) {
            arguments.add(expression(concrete(TypePattern.parse(parameter.type()), variable), depth - 1));
        }
        return bind(signature.names().getFirst(), arguments.toArray(BoundExpr[]::new));
    }

    private DataType concrete(TypePattern pattern, DataType variable) {
        return switch (pattern) {
            case TypePattern.Exact(DataType type) -> type;
            case TypePattern.Any _ -> values.type();
            case TypePattern.Variable(String name) ->
                switch (name) {
                    case "N" -> variable instanceof NumericType ? variable : DataTypes.DoubleType;
                    case "I" -> DataTypes.LongType;
                    case "K" -> DataTypes.StringType;
                    case "Y" -> DataTypes.createYearMonthIntervalType();
                    case "D" -> DataTypes.createDayTimeIntervalType();
                    default -> variable;
                };
            case TypePattern.ArrayOf(TypePattern element) -> DataTypes.createArrayType(concrete(element, variable));
            case TypePattern.MapOf(TypePattern key, TypePattern value) ->
                DataTypes.createMapType(concrete(key, variable), concrete(value, variable));
        };
    }

    private static BoundExpr bind(String function, BoundExpr... arguments) {
        try {
            return FunctionRegistry.bindScalar(function, List.of(arguments));
        } catch (QueryException notForTheseTypes) {
            throw new IllegalStateException("random call of " + function, notForTheseTypes);
        }
    }
}

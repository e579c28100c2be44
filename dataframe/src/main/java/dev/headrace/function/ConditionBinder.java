package dev.headrace.function;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Chains;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.FloatType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Binds comparisons, boolean logic, and the choice among values: `=`, `and`, `in`, `when`, `coalesce` …
final class ConditionBinder {
    private ConditionBinder() {}

    static BoundExpr compare(String name, List<BoundExpr> arguments) {
        CompareOp op = switch (name) {
            case "=", "==" -> CompareOp.EQUAL;
            case "!=", "<>" -> CompareOp.NOT_EQUAL;
            case "<" -> CompareOp.LESS;
            case "<=" -> CompareOp.LESS_OR_EQUAL;
            case ">" -> CompareOp.GREATER;
            case ">=" -> CompareOp.GREATER_OR_EQUAL;
            case "<=>", "equal_null" -> CompareOp.NULL_SAFE_EQUAL;
            default -> throw new IllegalArgumentException("no comparison " + name);
        };
        return compare(op, name, arguments.get(0), arguments.get(1));
    }

    private static BoundExpr compare(CompareOp op, String name, BoundExpr left, BoundExpr right) {
        BoundExpr a = ArithmeticBinder.smallestDecimal(left, right.type());
        BoundExpr b = ArithmeticBinder.smallestDecimal(Coercion.calledAs(left.type(), right), left.type());
        DataType common = common(name, List.of(a, b));
        if (!isOrdered(common)) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    "'" + left.text() + " " + name + " " + right.text() + "' compares values of type "
                            + common.simpleString() + ", which can't be compared.");
        }
        return new BoundExpr.Compare(op, cast(a, common), cast(b, common));
    }

    static BoundExpr logic(String name, List<BoundExpr> arguments) {
        List<BoundExpr> conditions = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            conditions.add(condition(name, i, arguments.get(i)));
        }
        return switch (name) {
            case "and" -> new BoundExpr.And(conditions.get(0), conditions.get(1));
            case "or" -> new BoundExpr.Or(conditions.get(0), conditions.get(1));
            case "not", "!" -> new BoundExpr.Not(conditions.getFirst());
            default -> throw new IllegalArgumentException("no operator " + name);
        };
    }

    private static BoundExpr condition(String name, int at, BoundExpr argument) {
        if (argument.type() instanceof BooleanType) {
            return argument;
        }
        if (argument.type() instanceof NullType || argument.type() instanceof StringType) {
            return cast(argument, DataTypes.BooleanType);
        }
        throw ScalarBinder.mismatch(name, at, argument, "boolean");
    }

    static BoundExpr nullTest(String name, List<BoundExpr> arguments) {
        BoundExpr isNull = new BoundExpr.IsNull(arguments.getFirst());
        return name.equals("isnull") ? isNull : new BoundExpr.Not(isNull);
    }

    static BoundExpr isNan(String name, List<BoundExpr> arguments) {
        BoundExpr argument = arguments.getFirst();
        if (!(argument.type() instanceof FloatType)) {
            if (!Coercion.accepts(DataTypes.DoubleType, argument.type())) {
                throw ScalarBinder.mismatch(name, 0, argument, "a number");
            }
            argument = cast(argument, DataTypes.DoubleType);
        }
        BoundExpr test = ScalarBinder.strict("isnan", "MathFunctions.isNan", DataTypes.BooleanType, argument);
        return argument.nullable() ? new BoundExpr.Coalesce(List.of(test, new BoundExpr.Literal(Scalar.FALSE))) : test;
    }

    static BoundExpr in(String name, List<BoundExpr> arguments) {
        BoundExpr first = arguments.getFirst();
        List<BoundExpr> all = new ArrayList<>();
        for (BoundExpr argument : arguments) {
            all.add(ArithmeticBinder.smallestDecimal(Coercion.calledAs(first.type(), argument), first.type()));
        }
        DataType common = common(name, all);
        if (!isOrdered(common)) {
            throw ScalarBinder.mismatch(name, 0, first, "a type that can be compared");
        }
        BoundExpr value = cast(first, common);
        List<BoundExpr> candidates =
                all.stream().skip(1).map(candidate -> cast(candidate, common)).toList();
        if (candidates.stream().allMatch(BoundExpr.Literal.class::isInstance)) {
            return new BoundExpr.In(
                    value,
                    candidates.stream()
                            .map(candidate -> ((BoundExpr.Literal) candidate).value())
                            .toList());
        }
        return Once.computed(name, value, once -> {
            List<BoundExpr> equalities = candidates.stream()
                    .<BoundExpr>map(candidate -> new BoundExpr.Compare(CompareOp.EQUAL, once, candidate))
                    .toList();
            return Chains.<BoundExpr>combined(equalities, BoundExpr.Or::new).orElseThrow();
        });
    }

    /// `condition, value, condition, value … [else]`.
    static BoundExpr when(String name, List<BoundExpr> arguments) {
        List<BoundExpr> values = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (i % 2 == 1 || i == arguments.size() - 1) {
                values.add(arguments.get(i));
            }
        }
        DataType common = common(name, values);
        List<BoundExpr.Case.Branch> branches = new ArrayList<>();
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            BoundExpr condition = condition(name, i, arguments.get(i));
            branches.add(new BoundExpr.Case.Branch(condition, cast(arguments.get(i + 1), common)));
        }
        Optional<BoundExpr> otherwise =
                arguments.size() % 2 == 1 ? Optional.of(cast(arguments.getLast(), common)) : Optional.empty();
        return new BoundExpr.Case(branches, otherwise, common);
    }

    static BoundExpr coalesce(String name, List<BoundExpr> arguments) {
        DataType common = common(name, arguments);
        return new BoundExpr.Coalesce(
                arguments.stream().map(argument -> cast(argument, common)).toList());
    }

    /// `decode(value, search, result, …, default)`: the result after the first search that equals the value, null too.
    static BoundExpr decode(String name, List<BoundExpr> arguments) {
        return Once.computed(name, arguments.getFirst(), value -> decode(value, arguments));
    }

    private static BoundExpr decode(BoundExpr value, List<BoundExpr> arguments) {
        List<BoundExpr> choice = new ArrayList<>();
        for (int i = 1; i + 1 < arguments.size(); i += 2) {
            choice.add(compare(CompareOp.NULL_SAFE_EQUAL, "<=>", value, arguments.get(i)));
            choice.add(arguments.get(i + 1));
        }
        if (arguments.size() % 2 == 0) {
            choice.add(arguments.getLast());
        }
        return when("when", choice);
    }

    /// Null if the two are equal, else the first.
    static BoundExpr nullIf(String name, List<BoundExpr> arguments) {
        return Once.computed(name, arguments.getFirst(), first -> {
            BoundExpr equal = compare(CompareOp.EQUAL, name, first, arguments.get(1));
            BoundExpr nothing = new BoundExpr.Literal(new Scalar(null, first.type()));
            return new BoundExpr.Case(
                    List.of(new BoundExpr.Case.Branch(equal, nothing)), Optional.of(first), first.type());
        });
    }

    /// The second if the first is not null, else the third.
    static BoundExpr nvl2(String name, List<BoundExpr> arguments) {
        BoundExpr notNull = new BoundExpr.Not(new BoundExpr.IsNull(arguments.getFirst()));
        return when(name, List.of(notNull, arguments.get(1), arguments.get(2)));
    }

    static BoundExpr extreme(String name, List<BoundExpr> arguments) {
        DataType common = common(name, arguments);
        if (!isOrdered(common)) {
            throw ScalarBinder.mismatch(name, 0, arguments.getFirst(), "a type that can be compared");
        }
        List<BoundExpr> values =
                arguments.stream().map(argument -> cast(argument, common)).toList();
        return Chains.<BoundExpr>combined(
                        values,
                        (a, b) -> ScalarBinder.call(
                                name, "ConditionFunctions." + name, nulls(a, b), common, List.of(a, b)))
                .orElseThrow();
    }

    private static ScalarFunction.Nulls nulls(BoundExpr a, BoundExpr b) {
        return a.nullable() && b.nullable() ? ScalarFunction.Nulls.CALLED : ScalarFunction.Nulls.CALLED_NEVER_NULL;
    }

    /// The type as text, known when the query is planned.
    static BoundExpr typeOf(String name, List<BoundExpr> arguments) {
        return new BoundExpr.Literal(Scalar.of(arguments.getFirst().type().simpleString()));
    }

    /// A cast by the name of the type: `bigint(x)`.
    static BoundExpr castByName(String name, List<BoundExpr> arguments) {
        return cast(arguments.getFirst(), DataType.fromDDL(name));
    }

    static DataType common(String name, List<BoundExpr> values) {
        List<DataType> types = values.stream().map(BoundExpr::type).toList();
        return Coercion.commonType(types)
                .orElseThrow(() -> new QueryException(
                        "DATATYPE_MISMATCH",
                        "The arguments of '" + name + "' have no common type: "
                                + values.stream()
                                        .map(value -> "'" + value.text() + "' is of type "
                                                + value.type().simpleString())
                                        .collect(Collectors.joining(", "))
                                + ". Cast them to one type."));
    }

    static boolean isOrdered(DataType type) {
        return switch (type) {
            case MapType _, VariantType _ -> false;
            case ArrayType(DataType element, boolean _) -> isOrdered(element);
            case StructType struct -> struct.fieldList().stream().allMatch(field -> isOrdered(field.dataType()));
            case DataType _ -> true;
        };
    }

    private static BoundExpr cast(BoundExpr expr, DataType type) {
        return Coercion.cast(expr, type, CastFailure.ERROR);
    }
}

package dev.headrace.function;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import dev.headrace.types.YearMonthIntervalType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Chooses among the signatures of a scalar function, casts the arguments, and finds the Java method.
final class ScalarBinder {
    private ScalarBinder() {}

    /// @param signatures those of the name that take so many arguments, at least one
    static BoundExpr bind(String name, List<Signature> signatures, List<BoundExpr> arguments) {
        if (signatures.getFirst().kind() == Signature.Kind.BINDER) {
            return callBinder(signatures.getFirst(), name, arguments);
        }
        for (TypePattern.Mode mode : TypePattern.Mode.values()) {
            for (Signature signature : signatures) {
                Map<String, DataType> types = new HashMap<>();
                if (signature.kind() != Signature.Kind.BINDER && matches(signature, arguments, types, mode)) {
                    return call(signature, arguments, types);
                }
            }
        }
        for (Signature signature : signatures) {
            if (signature.kind() == Signature.Kind.BINDER) {
                return callBinder(signature, name, arguments);
            }
        }
        throw mismatch(name, signatures, arguments);
    }

    private static boolean matches(
            Signature signature, List<BoundExpr> arguments, Map<String, DataType> types, TypePattern.Mode mode) {
        for (int i = 0; i < arguments.size(); i++) {
            if (!pattern(signature, i).match(arguments.get(i).type(), types, mode)) {
                return false;
            }
        }
        return true;
    }

    private static TypePattern pattern(Signature signature, int argument) {
        return TypePattern.parse(signature.parameter(argument).type());
    }

    private static BoundExpr call(Signature signature, List<BoundExpr> arguments, Map<String, DataType> types) {
        List<BoundExpr> cast = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            BoundExpr argument = arguments.get(i);
            DataType wanted = pattern(signature, i).resolve(argument.type(), types);
            cast.add(
                    Coercion.sameType(wanted, argument.type())
                            ? argument
                            : Coercion.cast(argument, wanted, CastFailure.ERROR));
        }
        DataType result = TypePattern.parse(signature.result()).resolve(dev.headrace.types.DataTypes.NullType, types);
        return call(signature, cast, result);
    }

    private static BoundExpr call(Signature signature, List<BoundExpr> arguments, DataType result) {
        Method method = method(
                signature.target(), arguments.stream().map(BoundExpr::type).toList());
        boolean deterministic = !signature.flags().contains(Signature.Flag.NONDETERMINISTIC);
        ScalarFunction function =
                new ScalarFunction(signature.names().getFirst(), method, signature.nulls(), deterministic);
        return new BoundExpr.Call(function, arguments, result);
    }

    /// A deterministic call of `Class.method` of this package, for binders.
    static BoundExpr call(
            String name, String target, ScalarFunction.Nulls nulls, DataType result, List<BoundExpr> arguments) {
        Method method = method(target, arguments.stream().map(BoundExpr::type).toList());
        return new BoundExpr.Call(new ScalarFunction(name, method, nulls, true), arguments, result);
    }

    static BoundExpr strict(String name, String target, DataType result, BoundExpr... arguments) {
        return call(name, target, ScalarFunction.Nulls.STRICT, result, List.of(arguments));
    }

    private static BoundExpr callBinder(Signature signature, String name, List<BoundExpr> arguments) {
        int dot = signature.target().lastIndexOf('.');
        try {
            Method method = type(signature.target().substring(0, dot))
                    .getDeclaredMethod(signature.target().substring(dot + 1), String.class, List.class);
            return (BoundExpr) method.invoke(null, name, List.copyOf(arguments));
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(signature.target() + " fails", thrown);
        } catch (ReflectiveOperationException missing) {
            throw new IllegalStateException("no binder " + signature.target(), missing);
        }
    }

    private static Class<?> type(String name) {
        try {
            String qualified = name.contains(".") ? name : ScalarBinder.class.getPackageName() + "." + name;
            return Class.forName(qualified);
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(
                    "the function table names the class " + name + ", which is missing", missing);
        }
    }

    /// The overload that fits best: the fewest parameters of type `Object`.
    static Method method(String target, List<DataType> arguments) {
        int dot = target.lastIndexOf('.');
        String name = target.substring(dot + 1);
        Method best = null;
        int fewest = Integer.MAX_VALUE;
        for (Method method : type(target.substring(0, dot)).getMethods()) {
            int generic = method.getName().equals(name) ? genericParameters(method, arguments) : -1;
            if (generic >= 0 && generic < fewest) {
                best = method;
                fewest = generic;
            }
        }
        if (best == null) {
            throw new IllegalStateException("no method " + target + " for "
                    + arguments.stream().map(DataType::simpleString).collect(Collectors.joining(", ", "(", ")")));
        }
        return best;
    }

    private static int genericParameters(Method method, List<DataType> arguments) {
        Class<?>[] parameters = method.getParameterTypes();
        int first = parameters.length > 0 && parameters[0] == EvalContext.class ? 1 : 0;
        if (parameters.length != first + arguments.size()) {
            return -1;
        }
        int generic = 0;
        for (int i = 0; i < arguments.size(); i++) {
            Class<?> parameter = parameters[first + i];
            Class<?> wanted = javaClass(arguments.get(i));
            if (parameter == Object.class || arguments.get(i) instanceof NullType) {
                generic++;
            } else if (parameter != wanted && parameter != boxed(wanted)) {
                return -1;
            }
        }
        return generic;
    }

    /// The Java class in which functions take and give values of a type.
    static Class<?> javaClass(DataType type) {
        return switch (type) {
            case NullType _ -> Object.class;
            case BooleanType _ -> boolean.class;
            case ByteType _ -> byte.class;
            case ShortType _ -> short.class;
            case IntegerType _, DateType _, YearMonthIntervalType _ -> int.class;
            case LongType _, TimestampType _, TimestampNTZType _, DayTimeIntervalType _ -> long.class;
            case FloatType _ -> float.class;
            case DoubleType _ -> double.class;
            case DecimalType _ -> BigDecimal.class;
            case StringType _, BinaryType _, VariantType _ -> dev.headrace.chunk.Slice.class;
            case ArrayType _, StructType _ -> List.class;
            case MapType _ -> Map.class;
        };
    }

    private static Class<?> boxed(Class<?> type) {
        return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
    }

    private static QueryException mismatch(String name, List<Signature> signatures, List<BoundExpr> arguments) {
        int at = firstMisfit(signatures, arguments);
        String expected = signatures.stream()
                .map(signature -> pattern(signature, at).describe())
                .distinct()
                .collect(Collectors.joining(" or "));
        return mismatch(name, at, arguments.get(at), expected);
    }

    /// The argument up to which the best signature fits.
    private static int firstMisfit(List<Signature> signatures, List<BoundExpr> arguments) {
        int furthest = 0;
        for (Signature signature : signatures) {
            Map<String, DataType> types = new HashMap<>();
            int i = 0;
            while (i < arguments.size()
                    && pattern(signature, i).match(arguments.get(i).type(), types, TypePattern.Mode.WITH_CASTS)) {
                i++;
            }
            furthest = Math.max(furthest, Math.min(i, arguments.size() - 1));
        }
        return furthest;
    }

    /// @param at the argument's position, from 0
    static QueryException mismatch(String name, int at, BoundExpr found, String expected) {
        return new QueryException(
                "DATATYPE_MISMATCH",
                "Argument " + (at + 1) + " of '" + name + "' is '" + found.text() + "' of type "
                        + found.type().simpleString() + ": expected " + expected + ".");
    }
}

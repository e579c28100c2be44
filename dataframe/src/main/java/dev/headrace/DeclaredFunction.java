package dev.headrace;

import dev.headrace.api.java.UDF0;
import dev.headrace.api.java.UDF1;
import dev.headrace.api.java.UDF10;
import dev.headrace.api.java.UDF11;
import dev.headrace.api.java.UDF12;
import dev.headrace.api.java.UDF13;
import dev.headrace.api.java.UDF14;
import dev.headrace.api.java.UDF15;
import dev.headrace.api.java.UDF16;
import dev.headrace.api.java.UDF17;
import dev.headrace.api.java.UDF18;
import dev.headrace.api.java.UDF19;
import dev.headrace.api.java.UDF2;
import dev.headrace.api.java.UDF20;
import dev.headrace.api.java.UDF21;
import dev.headrace.api.java.UDF22;
import dev.headrace.api.java.UDF3;
import dev.headrace.api.java.UDF4;
import dev.headrace.api.java.UDF5;
import dev.headrace.api.java.UDF6;
import dev.headrace.api.java.UDF7;
import dev.headrace.api.java.UDF8;
import dev.headrace.api.java.UDF9;
import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.expressions.UserDefinedFunction;
import dev.headrace.function.UserFunction;
import dev.headrace.plan.NamedExpr;
import dev.headrace.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A function of the program, over Java's classes of values.
final class DeclaredFunction extends UserDefinedFunction {
    private static final String UNNAMED = "udf";

    private final UserFunction function;

    private DeclaredFunction(UserFunction function) {
        this.function = function;
    }

    @FunctionalInterface
    private interface Body {
        @Nullable Object call(@Nullable Object[] arguments) throws Exception;
    }

    UserFunction function() {
        return function;
    }

    private static DeclaredFunction make(int parameters, DataType type, Body body) {
        return new DeclaredFunction(new UserFunction(
                UNNAMED,
                parameters,
                type,
                true,
                true,
                (name, types) -> new Called(name, body, types, type, UserFunctions.javaValues())));
    }

    /// The function for arguments of these types.
    private record Called(String name, Body body, List<DataType> types, DataType type, JavaValues values)
            implements UserFunction.Code {
        @Override
        public @Nullable Object call(List<?> cells) {
            @Nullable Object[] arguments = new @Nullable Object[cells.size()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = values.toJava(cells.get(i), types.get(i));
            }
            try {
                @Nullable Object result = Cancellation.<@Nullable Object>call(() -> body.call(arguments));
                return JavaValues.toCell(result, type, true, "The result of " + function(true));
            } catch (HeadraceException | QueryCancelledException known) {
                throw known;
            } catch (Exception failed) {
                throw new DataException(
                        "FAILED_EXECUTE_UDF",
                        function(false) + " failed for the arguments " + Arrays.toString(arguments) + ": "
                                + failed.toString().replaceFirst("\\.$", "") + "." + advice(failed, arguments),
                        failed);
            }
        }

        private String function(boolean within) {
            return name.equals(UNNAMED)
                    ? (within ? "a" : "A") + " function of the program"
                    : (within ? "the" : "The") + " function '" + name + "' of the program";
        }

        private static String advice(Exception failed, @Nullable Object[] arguments) {
            if (failed instanceof NullPointerException
                    && Arrays.stream(arguments).anyMatch(Objects::isNull)) {
                return " A number that is null comes as null: take Integer or Long, not int or long.";
            }
            if (failed instanceof ClassCastException && arguments.length > 0) {
                return " The classes of the arguments are "
                        + Arrays.stream(arguments)
                                .map(value -> value == null
                                        ? "null"
                                        : value.getClass().getName())
                                .collect(Collectors.joining(", "))
                        + ": let the function take these, or cast the columns.";
            }
            return "";
        }
    }

    static DeclaredFunction of(UDF0<?> f, DataType type) {
        return make(0, type, _ -> f.call());
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF1<?, ?> f, DataType type) {
        UDF1<@Nullable Object, @Nullable Object> typed = (UDF1<@Nullable Object, @Nullable Object>) f;
        return make(1, type, a -> typed.call(a[0]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF2<?, ?, ?> f, DataType type) {
        UDF2<@Nullable Object, @Nullable Object, @Nullable Object> typed =
                (UDF2<@Nullable Object, @Nullable Object, @Nullable Object>) f;
        return make(2, type, a -> typed.call(a[0], a[1]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF3<?, ?, ?, ?> f, DataType type) {
        UDF3<@Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object> typed =
                (UDF3<@Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object>) f;
        return make(3, type, a -> typed.call(a[0], a[1], a[2]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF4<?, ?, ?, ?, ?> f, DataType type) {
        UDF4<@Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object> typed =
                (UDF4<@Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object>) f;
        return make(4, type, a -> typed.call(a[0], a[1], a[2], a[3]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF5<?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF5<@Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object>
                typed = (UDF5<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(5, type, a -> typed.call(a[0], a[1], a[2], a[3], a[4]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF6<?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF6<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF6<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(6, type, a -> typed.call(a[0], a[1], a[2], a[3], a[4], a[5]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF7<?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF7<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF7<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(7, type, a -> typed.call(a[0], a[1], a[2], a[3], a[4], a[5], a[6]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF8<?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF8<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF8<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(8, type, a -> typed.call(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF9<?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF9<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF9<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(9, type, a -> typed.call(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF10<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF10<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF10<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(10, type, a -> typed.call(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF11<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF11<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF11<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(11, type, a -> typed.call(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF12<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF12<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF12<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                12, type, a -> typed.call(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF13<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF13<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF13<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                13,
                type,
                a -> typed.call(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF14<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF14<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF14<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                14,
                type,
                a -> typed.call(
                        a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF15<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF15<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF15<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                15,
                type,
                a -> typed.call(
                        a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF16<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF16<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF16<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                16,
                type,
                a -> typed.call(
                        a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14],
                        a[15]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF17<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF17<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF17<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                17,
                type,
                a -> typed.call(
                        a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14],
                        a[15], a[16]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF18<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF18<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF18<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                18,
                type,
                a -> typed.call(
                        a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14],
                        a[15], a[16], a[17]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF19<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF19<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF19<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                19,
                type,
                a -> typed.call(
                        a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14],
                        a[15], a[16], a[17], a[18]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(UDF20<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF20<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF20<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                20,
                type,
                a -> typed.call(
                        a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14],
                        a[15], a[16], a[17], a[18], a[19]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(
            UDF21<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF21<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF21<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                21,
                type,
                a -> typed.call(
                        a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14],
                        a[15], a[16], a[17], a[18], a[19], a[20]));
    }

    @SuppressWarnings("unchecked")
    static DeclaredFunction of(
            UDF22<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType type) {
        UDF22<
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object,
                        @Nullable Object>
                typed = (UDF22<
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object,
                                @Nullable Object>)
                        f;
        return make(
                22,
                type,
                a -> typed.call(
                        a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14],
                        a[15], a[16], a[17], a[18], a[19], a[20], a[21]));
    }

    @Override
    public Column apply(Column... columns) {
        return new Column(new NamedExpr.Apply(
                function, Arrays.stream(columns).map(Column::expr).toList()));
    }

    private DeclaredFunction with(String name, boolean nullable, boolean deterministic) {
        return new DeclaredFunction(new UserFunction(
                name, function.parameters(), function.type(), nullable, deterministic, function.code()));
    }

    @Override
    public DeclaredFunction withName(String name) {
        return with(name, function.nullable(), function.deterministic());
    }

    @Override
    public DeclaredFunction asNondeterministic() {
        return with(function.name(), function.nullable(), false);
    }

    @Override
    public DeclaredFunction asNonNullable() {
        return with(function.name(), false, function.deterministic());
    }

    @Override
    public boolean deterministic() {
        return function.deterministic();
    }

    @Override
    public boolean nullable() {
        return function.nullable();
    }
}

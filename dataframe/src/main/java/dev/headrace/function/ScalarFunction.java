package dev.headrace.function;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.Set;

/// A scalar function of the library for certain argument types: one public static Java method, which the interpreter
/// invokes and generated code calls.
///
/// Parameters and result have the Java types of the SQL types: `boolean`, `byte`, `short`, `int` (int, date), `long`
/// (bigint, timestamps), `float`, `double`, `BigDecimal`, [dev.headrace.chunk.Slice] (string, binary), `List` (array,
/// struct) and `Map`, as [dev.headrace.chunk.Cell] describes them. A first parameter of class [EvalContext] gets the
/// context. A method that works for several types declares `Object` for them, as parameter or as result: the caller
/// boxes the argument, and casts the result to the class of the call's type. Slices passed in are borrowed; one that is
/// returned may point into them or to new memory.
///
/// @param name the function's name, for plans and messages
/// @param method the implementation
/// @param nulls how nulls among the arguments are treated
/// @param deterministic false if two calls with equal arguments may differ
/// @param receiver the object of a public class that the method is called on, unless it is static: what a call in a
///     query has of its own, such as its lambdas. It is used by all threads.
public record ScalarFunction(
        String name, Method method, Nulls nulls, boolean deterministic, Optional<Object> receiver) {
    private static final Set<String> EXPANDING = Set.of(
            "array_insert", "array_repeat", "format_string", "lpad", "printf", "repeat", "rpad", "sequence", "space");
    private static final Set<String> TOTAL = Set.of(
            "array_contains",
            "ascii",
            "btrim",
            "concat",
            "contains",
            "crc32",
            "date_trunc",
            "dayofmonth",
            "dayofweek",
            "dayofyear",
            "endswith",
            "hash",
            "hour",
            "initcap",
            "instr",
            "isnan",
            "last_day",
            "left",
            "length",
            "locate",
            "lower",
            "ltrim",
            "md5",
            "minute",
            "month",
            "octet_length",
            "quarter",
            "right",
            "rtrim",
            "second",
            "size",
            "startswith",
            "substring",
            "substring_index",
            "trim",
            "unix_date",
            "upper",
            "weekday",
            "weekofyear",
            "xxhash64",
            "year");

    /// A function whose method is static.
    public ScalarFunction(String name, Method method, Nulls nulls, boolean deterministic) {
        this(name, method, nulls, deterministic, Optional.empty());
    }

    /// How a function treats nulls.
    public enum Nulls {
        /// A null argument makes the result null without a call; the method never returns null.
        STRICT,
        /// A null argument makes the result null without a call; the method may return null (a boxed or object type).
        STRICT_MAYBE_NULL,
        /// The method is always called: parameters that may be null are of object types; it may return null.
        CALLED,
        /// As [#CALLED], but it never returns null.
        CALLED_NEVER_NULL
    }

    public boolean takesContext() {
        return method.getParameterCount() > 0 && method.getParameterTypes()[0] == EvalContext.class;
    }

    /// Whether its values may be many times as large as their arguments.
    public boolean expands() {
        return EXPANDING.contains(name);
    }

    /// Whether it has a value, or null, for all arguments. A function of the program is not known, whatever its name.
    public boolean neverFails() {
        return TOTAL.contains(name) && receiver.isEmpty();
    }

    /// Whether the method must be called although an argument is null.
    public boolean calledOnNull() {
        return nulls == Nulls.CALLED || nulls == Nulls.CALLED_NEVER_NULL;
    }

    /// Whether the result may be null.
    ///
    /// @param anyArgumentNullable whether an argument may be null
    public boolean nullable(boolean anyArgumentNullable) {
        return switch (nulls) {
            case STRICT -> anyArgumentNullable;
            case STRICT_MAYBE_NULL, CALLED -> true;
            case CALLED_NEVER_NULL -> false;
        };
    }
}

package dev.headrace.function;

import dev.headrace.plan.BoundExpr;
import dev.headrace.types.DataType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A function of the program.
///
/// @param type of its result
/// @param nullable whether the result may be null
/// @param deterministic false if two calls with equal arguments may differ
/// @param code what runs, for arguments of these types
public record UserFunction(
        String name, int parameters, DataType type, boolean nullable, boolean deterministic, Factory code) {
    private static final Method CALL = callMethod();

    /// Prepares the code for the types of the arguments.
    @FunctionalInterface
    public interface Factory {
        /// @param name of the function, for messages
        Code of(String name, List<DataType> arguments);
    }

    /// What runs for a row, on [dev.headrace.chunk.Cell] objects. It is called by several threads. The codes of one
    /// function for the same types are equal: so are its calls with equal arguments, as GROUP BY needs them to be.
    @FunctionalInterface
    public interface Code {
        @Nullable Object call(List<?> arguments);
    }

    private static Method callMethod() {
        try {
            return Code.class.getMethod("call", List.class);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// @throws dev.headrace.errors.QueryException `WRONG_NUM_ARGS`
    public BoundExpr bind(List<BoundExpr> arguments) {
        if (arguments.size() != parameters) {
            throw new dev.headrace.errors.QueryException(
                    "WRONG_NUM_ARGS",
                    "'" + name + "' was called with " + arguments.size()
                            + (arguments.size() == 1 ? " argument" : " arguments") + ". The function has "
                            + parameters + ".");
        }
        ScalarFunction function = new ScalarFunction(
                name,
                CALL,
                nullable ? ScalarFunction.Nulls.CALLED : ScalarFunction.Nulls.CALLED_NEVER_NULL,
                deterministic,
                Optional.of(
                        code.of(name, arguments.stream().map(BoundExpr::type).toList())));
        return new BoundExpr.Call(function, List.of(CollectionBinder.asList(arguments)), type);
    }
}

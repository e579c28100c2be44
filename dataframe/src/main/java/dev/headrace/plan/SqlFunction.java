package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.Coercion;
import dev.headrace.function.SessionFunctions;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A function that SQL defines, as `area(w DOUBLE, h DOUBLE) RETURNS DOUBLE RETURN w * h`: its body takes the place of
/// a call, with the arguments, cast to the parameters' types, in the places of the parameters.
///
/// @param type what the body's value is cast to
/// @param written the body as it is written
/// @param comment what the function is for
public record SqlFunction(
        String name,
        List<Parameter> parameters,
        DataType type,
        NamedExpr body,
        String written,
        Optional<String> comment) {

    /// A parameter.
    ///
    /// @param otherwise its value where a call gives none; only such parameters follow one that has it
    public record Parameter(String name, DataType type, Optional<NamedExpr> otherwise) {}

    public SqlFunction {
        parameters = List.copyOf(parameters);
    }

    /// A function whose body has been checked.
    ///
    /// @param type absent: that of the body
    /// @throws QueryException for what is wrong with parameters and body
    public static SqlFunction of(
            String name,
            List<Parameter> parameters,
            Optional<DataType> type,
            NamedExpr body,
            String written,
            Optional<String> comment) {
        checkParameters(name, parameters);
        checkBody(name, body);
        checkCalls(name, body);
        Arguments any = Arguments.any(name, parameters);
        BoundExpr bound = any.bind(body);
        DataType given = type.orElse(bound.type());
        Coercion.cast(bound, given, CastFailure.ERROR);
        return new SqlFunction(name, parameters, given, body, written, comment);
    }

    private static void checkParameters(String name, List<Parameter> parameters) {
        Set<String> names = new HashSet<>();
        boolean optional = false;
        for (Parameter parameter : parameters) {
            if (!names.add(parameter.name().toLowerCase(Locale.ROOT))) {
                throw new QueryException(
                        "DUPLICATE_ROUTINE_PARAMETER_NAMES",
                        "CREATE FUNCTION " + name + ": there are two parameters '" + parameter.name()
                                + "'. Give each a name of its own.");
            }
            if (optional && parameter.otherwise().isEmpty()) {
                throw new QueryException(
                        "USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_PARAMETER_POSITION",
                        "CREATE FUNCTION " + name + ": '" + parameter.name()
                                + "' has no DEFAULT, but a parameter before it has. Put it before those that have one.");
            }
            optional = parameter.otherwise().isPresent();
            parameter.otherwise().ifPresent(value -> constant(name, parameter, value));
        }
    }

    private static BoundExpr constant(String function, Parameter parameter, NamedExpr value) {
        checkBody(function, value);
        BoundExpr bound = new Arguments(function, List.of(), List.of(), 0).bind(value);
        return Coercion.cast(bound, parameter.type(), CastFailure.ERROR);
    }

    private static void checkBody(String name, NamedExpr expr) {
        switch (expr) {
            case NamedExpr.ScalarSubquery _, NamedExpr.InSubquery _, NamedExpr.Exists _ ->
                throw new QueryException(
                                "UNSUPPORTED_SQL",
                                "CREATE FUNCTION " + name
                                        + ": a subquery in a function is not supported. Join its rows in the query that calls"
                                        + " the function, and pass the value as an argument.")
                        .within(expr);
            case NamedExpr.Star _, NamedExpr.StarExcept _ ->
                throw new QueryException(
                                "INVALID_STAR",
                                "CREATE FUNCTION " + name + ": '*' stands for columns, and a function has only its"
                                        + " parameters. Write their names.")
                        .within(expr);
            default -> expr.operands().forEach(operand -> checkBody(name, operand));
        }
    }

    /// A function that calls itself, also through others, has no body that could take the place of a call.
    private static void checkCalls(String name, NamedExpr body) {
        if (reaches(body, name.toLowerCase(Locale.ROOT), new HashSet<>())) {
            throw new QueryException(
                    "UNSUPPORTED_SQL",
                    "CREATE FUNCTION " + name + ": the function calls itself. Use WITH RECURSIVE, or a function of the"
                            + " program.");
        }
    }

    private static boolean reaches(NamedExpr expr, String name, Set<String> seen) {
        if (expr instanceof NamedExpr.Call call) {
            String called = call.function().toLowerCase(Locale.ROOT);
            if (SessionFunctions.currentDefined(called).isPresent()) {
                if (called.equals(name)) {
                    return true;
                }
                SqlFunction other = SessionFunctions.currentDefined(called).orElseThrow();
                if (seen.add(called) && reaches(other.body(), name, seen)) {
                    return true;
                }
            }
        }
        return expr.operands().stream().anyMatch(operand -> reaches(operand, name, seen));
    }

    /// The body of a call.
    ///
    /// @param given the arguments, over the columns of the query that calls
    /// @param nextSlot of parameters of lambdas: those before it may be in the arguments
    BoundExpr bind(NamedExpr.Call call, List<BoundExpr> given, int nextSlot) {
        if (call.distinct()) {
            throw new QueryException(
                    "DISTINCT_NOT_ALLOWED",
                    "'" + call.text() + "': DISTINCT is only for aggregate functions, which " + name + " is not.");
        }
        long needed = parameters.stream()
                .filter(parameter -> parameter.otherwise().isEmpty())
                .count();
        if (given.size() < needed || given.size() > parameters.size()) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    "'" + name + "' was called with " + given.size() + (given.size() == 1 ? " argument" : " arguments")
                            + ". Expected: " + signature() + ".");
        }
        List<BoundExpr> values = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            values.add(
                    i < given.size()
                            ? Coercion.cast(given.get(i), parameter.type(), CastFailure.ERROR)
                            : constant(name, parameter, parameter.otherwise().orElseThrow()));
        }
        Arguments arguments = new Arguments(name, names(parameters), values, nextSlot);
        BoundExpr result = Coercion.cast(arguments.bind(body), type, CastFailure.ERROR);
        arguments.checkSingleUse();
        return result;
    }

    private static List<String> names(List<Parameter> parameters) {
        return parameters.stream().map(Parameter::name).toList();
    }

    /// As in `area(w double, h double) → double`.
    public String signature() {
        return parameters.stream()
                        .map(parameter ->
                                parameter.name() + " " + parameter.type().simpleString())
                        .collect(Collectors.joining(", ", name + "(", ")"))
                + " → "
                + type.simpleString();
    }

    /// What the names of parameters mean in one call.
    private static final class Arguments implements ExprBinder.Names {
        private final String function;
        private final List<String> names;
        private final List<BoundExpr> values;
        private final int nextSlot;
        private final int[] uses;

        Arguments(String function, List<String> names, List<BoundExpr> values, int nextSlot) {
            this.function = function;
            this.names = names;
            this.values = values;
            this.nextSlot = nextSlot;
            this.uses = new int[values.size()];
        }

        /// Values that nothing is known of but their types.
        static Arguments any(String function, List<Parameter> parameters) {
            List<BoundExpr> values = new ArrayList<>();
            for (Parameter parameter : parameters) {
                values.add(new BoundExpr.Column(values.size(), parameter.name(), parameter.type(), true));
            }
            return new Arguments(function, SqlFunction.names(parameters), values, 0);
        }

        BoundExpr bind(NamedExpr expr) {
            return ExprBinder.in(Scope.of(new StructType()), "the function " + function)
                    .withNames(this, this::variable)
                    .bind(expr);
        }

        @Override
        public Optional<BoundExpr> find(NamedExpr.Name name) {
            List<String> parts = name.parts();
            // As a column of a table, a parameter can have the function's name before its own.
            return parameter(parts)
                    .or(() -> parts.size() > 1
                                    && parts.getFirst()
                                            .equalsIgnoreCase(function.substring(function.lastIndexOf('.') + 1))
                            ? parameter(parts.subList(1, parts.size()))
                            : Optional.empty());
        }

        private Optional<BoundExpr> parameter(List<String> parts) {
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).equalsIgnoreCase(parts.getFirst())) {
                    uses[i]++;
                    return Optional.of(ExprBinder.fields(values.get(i), parts.subList(1, parts.size())));
                }
            }
            return Optional.empty();
        }

        private Optional<BoundExpr> variable(NamedExpr.Name name) {
            return SessionVariables.bound(name).or(() -> {
                String wanted = String.join(".", name.parts());
                throw new QueryException(
                        "UNRESOLVED_COLUMN",
                        ("'" + wanted + "' is not a parameter of " + function + "(" + String.join(", ", names) + "). "
                                        + Suggestion.didYouMean(wanted, names))
                                .strip());
            });
        }

        @Override
        public int nextSlot() {
            return nextSlot;
        }

        /// An argument is computed wherever its parameter stands, so it has to be the same each time.
        void checkSingleUse() {
            for (int i = 0; i < uses.length; i++) {
                if (uses[i] > 1 && !values.get(i).deterministic()) {
                    throw new QueryException(
                            "UNSUPPORTED_SQL",
                            "'" + function + "' uses its parameter '" + names.get(i)
                                    + "' several times, and the argument is something else each time. Compute it as a column"
                                    + " of a subquery in FROM, and pass that.");
                }
            }
        }
    }
}

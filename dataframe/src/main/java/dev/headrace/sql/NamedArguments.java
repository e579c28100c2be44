package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.function.SessionFunctions;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.SqlFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionArgumentContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedArgumentExpressionContext;
import org.jspecify.annotations.Nullable;

/// Puts arguments that are given by name in their places: `mask(name, digitChar => '#')`.
final class NamedArguments {
    private static final List<Parameter> COLLECTION = List.of(Parameter.required("collection"));
    private static final List<Parameter> INPUT = List.of(Parameter.required("input"));

    /// The functions whose parameters have names in Spark.
    private static final Map<String, List<Parameter>> PARAMETERS = Map.of(
            "mask",
            List.of(
                    Parameter.required("str"),
                    Parameter.optional("upperChar", Scalar.of("X")),
                    Parameter.optional("lowerChar", Scalar.of("x")),
                    Parameter.optional("digitChar", Scalar.of("n")),
                    Parameter.optional("otherChar", Scalar.NULL)),
            "explode",
            COLLECTION,
            "explode_outer",
            COLLECTION,
            "variant_explode",
            INPUT,
            "variant_explode_outer",
            INPUT,
            "count_min_sketch",
            List.of(
                    Parameter.required("column"),
                    Parameter.required("epsilon"),
                    Parameter.required("confidence"),
                    Parameter.required("seed")));

    private final Reading reading;
    private final String function;
    private final ParserRuleContext at;

    private NamedArguments(Reading reading, String function, ParserRuleContext at) {
        this.reading = reading;
        this.function = function;
        this.at = at;
    }

    /// @param otherwise the value where none is given; absent if one has to be
    private record Parameter(String name, Optional<NamedExpr> otherwise) {
        static Parameter required(String name) {
            return new Parameter(name, Optional.empty());
        }

        static Parameter optional(String name, Scalar otherwise) {
            return new Parameter(name, Optional.of(new NamedExpr.Literal(otherwise)));
        }
    }

    /// The arguments of a call in the order of the function's parameters.
    ///
    /// @param at the call
    /// @throws QueryException `NAMED_PARAMETERS_NOT_SUPPORTED` and what else can be wrong with names
    static List<NamedExpr> of(
            Reading reading, String function, List<FunctionArgumentContext> arguments, ParserRuleContext at) {
        boolean named = arguments.stream().anyMatch(argument -> argument.namedArgumentExpression() != null);
        return named
                ? new NamedArguments(reading, function, at).placed(arguments)
                : arguments.stream()
                        .map(argument -> reading.expressions().expression(argument.expression()))
                        .toList();
    }

    private List<NamedExpr> placed(List<FunctionArgumentContext> arguments) {
        List<Parameter> parameters = parameters();
        @Nullable NamedExpr[] values = new NamedExpr[Math.max(parameters.size(), arguments.size())];
        int positional = 0;
        while (arguments.get(positional).namedArgumentExpression() == null) {
            values[positional] =
                    reading.expressions().expression(arguments.get(positional).expression());
            positional++;
        }
        for (FunctionArgumentContext argument : arguments.subList(positional, arguments.size())) {
            NamedArgumentExpressionContext named = argument.namedArgumentExpression();
            if (named == null) {
                throw error(
                        "UNEXPECTED_POSITIONAL_ARGUMENT",
                        "the argument " + reading.text().written(argument)
                                + " has no name, but stands behind one that has. Put arguments without names first.");
            }
            String name = reading.names().plain(named.key);
            int index = index(parameters, name);
            if (values[index] != null) {
                boolean both = index < positional;
                throw error(
                        "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT."
                                + (both ? "BOTH_POSITIONAL_AND_NAMED" : "DOUBLE_NAMED_ARGUMENT_REFERENCE"),
                        "the parameter '" + name + "' is given twice" + (both ? ", by its place and by its name" : "")
                                + ". Give it once.");
            }
            values[index] = reading.expressions().expression(named.value);
        }
        return complete(parameters, Arrays.asList(values));
    }

    private List<Parameter> parameters() {
        Optional<SqlFunction> defined = SessionFunctions.currentDefined(function);
        if (defined.isPresent()) {
            return defined.get().parameters().stream()
                    .map(parameter -> new Parameter(parameter.name(), parameter.otherwise()))
                    .toList();
        }
        boolean ofProgram = SessionFunctions.current(function).isPresent()
                || SessionFunctions.currentAggregate(function).isPresent();
        List<Parameter> parameters = PARAMETERS.get(function);
        if (ofProgram || parameters == null) {
            throw error(
                    "NAMED_PARAMETERS_NOT_SUPPORTED",
                    "the parameters of this function have no names. Give the arguments in their order, without name =>.");
        }
        return parameters;
    }

    private int index(List<Parameter> parameters, String name) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        List<String> names = parameters.stream().map(Parameter::name).toList();
        throw error(
                "UNRECOGNIZED_PARAMETER_NAME",
                ("'" + name + "' is not one of its parameters, which are " + String.join(", ", names) + ". "
                                + Suggestion.didYouMean(name, names))
                        .strip());
    }

    /// More values than parameters stay, for the function to refuse.
    private List<NamedExpr> complete(List<Parameter> parameters, List<@Nullable NamedExpr> values) {
        List<NamedExpr> complete = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            NamedExpr given = values.get(i);
            if (given == null && i < parameters.size()) {
                Parameter parameter = parameters.get(i);
                given = parameter
                        .otherwise()
                        .orElseThrow(() -> error(
                                "REQUIRED_PARAMETER_NOT_FOUND",
                                "there is no value for its parameter '" + parameter.name() + "'. Give one."));
            }
            if (given != null) {
                complete.add(given);
            }
        }
        return complete;
    }

    private QueryException error(String code, String problem) {
        return reading.text().error(code, function + "(…): " + problem, at);
    }
}

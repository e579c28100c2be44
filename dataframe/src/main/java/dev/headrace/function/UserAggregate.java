package dev.headrace.function;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// An aggregate function of the program.
///
/// @param parameters the types of its arguments
/// @param code what runs, under a name
public record UserAggregate(String name, List<DataType> parameters, Function<String, AggregateFunction> code) {
    public UserAggregate {
        parameters = List.copyOf(parameters);
    }

    /// The call, with arguments of narrower types cast.
    ///
    /// @throws QueryException `WRONG_NUM_ARGS` or `DATATYPE_MISMATCH`
    public AggregateCall bind(List<BoundExpr> arguments, boolean distinct) {
        if (arguments.size() != parameters.size()) {
            throw new QueryException(
                    "WRONG_NUM_ARGS",
                    "'" + name + "' was called with " + arguments.size()
                            + (arguments.size() == 1 ? " argument" : " arguments") + ". The aggregator takes "
                            + parameters.size() + ".");
        }
        List<BoundExpr> cast = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            cast.add(cast(arguments.get(i), parameters.get(i), i + 1));
        }
        return new AggregateCall(code.apply(name), cast, distinct, Optional.empty());
    }

    private BoundExpr cast(BoundExpr argument, DataType type, int position) {
        if (argument.type().equals(type)) {
            return argument;
        }
        if (Coercion.commonType(argument.type(), type).filter(type::equals).isEmpty()) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    "'" + name + "' takes " + type.simpleString() + " as argument " + position + ", not "
                            + argument.type().simpleString() + ". Cast it, or give udaf(…) another encoder.");
        }
        return Coercion.cast(argument, type, CastFailure.ERROR);
    }
}

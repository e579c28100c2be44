package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.util.List;
import java.util.Locale;

/// How a join treats rows without a partner.
public enum JoinType {
    INNER,
    LEFT_OUTER,
    RIGHT_OUTER,
    FULL_OUTER,
    LEFT_SEMI,
    LEFT_ANTI,
    CROSS;

    private static final List<String> NAMES = List.of(
            "inner",
            "left",
            "leftouter",
            "right",
            "rightouter",
            "full",
            "outer",
            "fullouter",
            "semi",
            "leftsemi",
            "anti",
            "leftanti",
            "cross");

    /// Reads the names that Spark's `join` takes, such as `left_outer` or `semi`.
    ///
    /// @throws QueryException `UNKNOWN_JOIN_TYPE` for others
    public static JoinType of(String name) {
        return switch (name.toLowerCase(Locale.ROOT).replace("_", "").replace(" ", "")) {
            case "inner" -> INNER;
            case "left", "leftouter" -> LEFT_OUTER;
            case "right", "rightouter" -> RIGHT_OUTER;
            case "full", "outer", "fullouter" -> FULL_OUTER;
            case "semi", "leftsemi" -> LEFT_SEMI;
            case "anti", "leftanti" -> LEFT_ANTI;
            case "cross" -> CROSS;
            default ->
                throw new QueryException(
                        "UNKNOWN_JOIN_TYPE",
                        "'" + name + "' is not a join type. " + Suggestion.didYouMean(name, NAMES) + " Join types: "
                                + String.join(", ", NAMES) + ".");
        };
    }

    /// Whether only the left side's columns come out.
    public boolean leftOnly() {
        return this == LEFT_SEMI || this == LEFT_ANTI;
    }
}

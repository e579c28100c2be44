package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// How an as-of join chooses, among the right rows of a left row's key, the one that is nearest in time.
///
/// Expressions are over the left columns followed by the right ones. Both times are of one type: integer, long, double,
/// a decimal of at most 18 digits, date or timestamp.
///
/// @param leftTime over left columns
/// @param rightTime over right columns
/// @param exactMatches whether a right row of the very same time counts
/// @param earliest over left columns: right rows of earlier times don't count, none does where it is null
/// @param latest over left columns: right rows of later times don't count, none does where it is null
public record AsOf(
        BoundExpr leftTime,
        BoundExpr rightTime,
        Direction direction,
        boolean exactMatches,
        Optional<BoundExpr> earliest,
        Optional<BoundExpr> latest) {
    /// On which side of the left row's time the right row's one lies.
    public enum Direction {
        /// The last one that is not later.
        BACKWARD,
        /// The first one that is not earlier.
        FORWARD,
        /// Whichever of the two is nearer; the earlier one if both are equally near.
        NEAREST;

        private static final List<String> NAMES = List.of("backward", "forward", "nearest");

        /// Reads the names that pandas and Spark give them.
        ///
        /// @throws QueryException `AS_OF_JOIN_DIRECTION` for others
        public static Direction of(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "backward" -> BACKWARD;
                case "forward" -> FORWARD;
                case "nearest" -> NEAREST;
                default ->
                    throw new QueryException(
                            "AS_OF_JOIN_DIRECTION",
                            "'" + name + "' is not a direction of an as-of join. "
                                    + Suggestion.didYouMean(name, NAMES) + " Directions: " + String.join(", ", NAMES)
                                    + ".");
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// All expressions.
    public List<BoundExpr> expressions() {
        List<BoundExpr> all = new ArrayList<>(List.of(leftTime, rightTime));
        earliest.ifPresent(all::add);
        latest.ifPresent(all::add);
        return all;
    }

    /// This with each expression replaced.
    public AsOf map(UnaryOperator<BoundExpr> f) {
        return new AsOf(f.apply(leftTime), f.apply(rightTime), direction, exactMatches, earliest.map(f), latest.map(f));
    }

    @Override
    public String toString() {
        String comparison = switch (direction) {
            case BACKWARD -> exactMatches ? " >= " : " > ";
            case FORWARD -> exactMatches ? " <= " : " < ";
            case NEAREST -> exactMatches ? " nearest " : " nearest, not equal ";
        };
        return leftTime
                + comparison
                + rightTime
                + earliest.map(bound -> ", not before " + bound).orElse("")
                + latest.map(bound -> ", not after " + bound).orElse("");
    }
}

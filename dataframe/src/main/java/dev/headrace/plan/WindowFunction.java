package dev.headrace.plan;

import dev.headrace.function.TimeWindow;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What is computed for a row from the rows of its partition.
public sealed interface WindowFunction {
    DataType type();

    boolean nullable();

    /// An aggregate over the frame.
    record Aggregate(AggregateCall call) implements WindowFunction {
        @Override
        public DataType type() {
            return call.function().resultType();
        }

        @Override
        public boolean nullable() {
            return call.function().nullable();
        }

        @Override
        public String toString() {
            return call.toString();
        }
    }

    /// Where the row stands in the order of its partition.
    record Rank(Kind kind) implements WindowFunction {
        public enum Kind {
            ROW_NUMBER,
            RANK,
            DENSE_RANK,
            PERCENT_RANK,
            CUME_DIST
        }

        @Override
        public DataType type() {
            return kind == Kind.PERCENT_RANK || kind == Kind.CUME_DIST ? DataTypes.DoubleType : DataTypes.IntegerType;
        }

        @Override
        public boolean nullable() {
            return false;
        }

        @Override
        public String toString() {
            return kind.name().toLowerCase(java.util.Locale.ROOT) + "()";
        }
    }

    /// Which of `buckets` parts of nearly equal size the row is in, from 1.
    record Ntile(int buckets) implements WindowFunction {
        @Override
        public DataType type() {
            return DataTypes.IntegerType;
        }

        @Override
        public boolean nullable() {
            return false;
        }

        @Override
        public String toString() {
            return "ntile(" + buckets + ")";
        }
    }

    /// The value in the row so many places after this one; before it if negative.
    ///
    /// @param otherwise if there is no such row, of the value's type
    /// @param ignoreNulls whether rows with null are not counted
    record Offset(BoundExpr value, int places, BoundExpr otherwise, boolean ignoreNulls) implements WindowFunction {
        @Override
        public DataType type() {
            return value.type();
        }

        @Override
        public boolean nullable() {
            return value.nullable() || otherwise.nullable() || ignoreNulls;
        }

        @Override
        public String toString() {
            return (places < 0 ? "lag(" : "lead(") + value + ", " + Math.abs(places) + ")";
        }
    }

    /// The value in a row of the frame.
    ///
    /// @param position from 1 from the beginning, or -1 for the last row
    /// @param ignoreNulls whether rows with null are not counted
    record Nth(BoundExpr value, int position, boolean ignoreNulls) implements WindowFunction {
        @Override
        public DataType type() {
            return value.type();
        }

        @Override
        public boolean nullable() {
            return true;
        }

        @Override
        public String toString() {
            return "nth_value(" + value + ", " + position + ")";
        }
    }

    /// The session window that a row belongs to, `struct<start, end>`: rows of a partition whose intervals overlap or
    /// touch are one session, from the first start to the last end.
    ///
    /// @param start,end a row's own interval, timestamps that are not null; the partition is ordered by `start`
    record Session(BoundExpr start, BoundExpr end) implements WindowFunction {
        @Override
        public DataType type() {
            return TimeWindow.type(start.type());
        }

        @Override
        public boolean nullable() {
            return false;
        }

        @Override
        public String toString() {
            return "session(" + start + ", " + end + ")";
        }
    }

    /// The expressions over the input's columns.
    default List<BoundExpr> expressions() {
        List<BoundExpr> expressions = new ArrayList<>();
        map(expr -> {
            expressions.add(expr);
            return expr;
        });
        return expressions;
    }

    /// This with each expression replaced.
    default WindowFunction map(UnaryOperator<BoundExpr> f) {
        return switch (this) {
            case Aggregate(AggregateCall call) -> {
                List<BoundExpr> arguments = call.arguments().stream().map(f).toList();
                Optional<BoundExpr> filter = call.filter().map(f);
                yield new Aggregate(new AggregateCall(call.function(), arguments, call.distinct(), filter));
            }
            case Rank _, Ntile _ -> this;
            case Offset(BoundExpr value, int places, BoundExpr otherwise, boolean ignoreNulls) ->
                new Offset(f.apply(value), places, f.apply(otherwise), ignoreNulls);
            case Nth(BoundExpr value, int position, boolean ignoreNulls) ->
                new Nth(f.apply(value), position, ignoreNulls);
            case Session(BoundExpr start, BoundExpr end) -> new Session(f.apply(start), f.apply(end));
        };
    }
}

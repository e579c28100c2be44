package dev.headrace.plan;

import dev.headrace.function.FunctionRegistry;
import dev.headrace.function.SessionFunctions;
import dev.headrace.function.UserAggregate;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DataType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.Metadata;
import dev.headrace.types.YearMonthIntervalType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/// An expression as the user wrote it: columns by name, functions and operators by name, nothing checked.
///
/// The analyzer turns it into a [BoundExpr]. The shape follows Spark Connect's expressions.
public sealed interface NamedExpr {
    /// Functions whose results are called as they are.
    Set<String> TIME_WINDOWS =
            Set.of("window", "session_window", "window_time", "calendar_window", "cumulate_window", "count_window");

    /// A column, possibly qualified (`orders.id`) or a field within one (`window.start`).
    ///
    /// @param parts the name's parts, without quotes
    /// @param planId the DataFrame that the column was taken from with `df.col(…)`, to tell the sides of a self-join
    ///     apart
    record Name(List<String> parts, OptionalLong planId) implements NamedExpr {
        public Name {
            parts = List.copyOf(parts);
        }
    }

    /// The column at a place of the input, from 0, whatever the others are called.
    ///
    /// @param name what it is called itself
    record At(int ordinal, String name) implements NamedExpr {}

    /// A column of a query around the one that it stands in: never one of that query's own.
    record Outer(Name name) implements NamedExpr {}

    /// All columns, of one relation if qualified: `*`, `orders.*`, or all fields of a struct column: `value.*`.
    record Star(List<String> qualifier) implements NamedExpr {
        public Star {
            qualifier = List.copyOf(qualifier);
        }
    }

    record Literal(Scalar value) implements NamedExpr {}

    /// A function or operator (`+`, `=`, `and`, `isnull`, `when`, `in` …) with its arguments.
    ///
    /// @param distinct for aggregate functions: duplicates of the arguments count once
    /// @param aggregate the aggregate function itself, where it is one of the program without a name in the session
    record Call(String function, List<NamedExpr> arguments, boolean distinct, Optional<UserAggregate> aggregate)
            implements NamedExpr {
        public Call {
            arguments = List.copyOf(arguments);
        }

        public Call(String function, List<NamedExpr> arguments, boolean distinct) {
            this(function, arguments, distinct, Optional.empty());
        }

        public Call(String function, NamedExpr... arguments) {
            this(function, List.of(arguments), false);
        }

        /// The same call of other arguments; this itself if they are the same: where it is written goes by identity.
        @SuppressWarnings("ReferenceEquality") // equal ones may be written elsewhere
        public Call of(List<NamedExpr> others) {
            boolean same = others.size() == arguments.size()
                    && IntStream.range(0, others.size()).allMatch(i -> others.get(i) == arguments.get(i));
            return same ? this : new Call(function, others, distinct, aggregate);
        }

        /// The aggregate function of the program that this calls, if it does.
        public Optional<UserAggregate> userAggregate() {
            return aggregate.isPresent() ? aggregate : SessionFunctions.currentAggregate(function);
        }

        /// Whether this calls an aggregate function, of the library or of the program.
        public boolean isAggregate() {
            return FunctionRegistry.isAggregate(function) || userAggregate().isPresent();
        }
    }

    /// @param failure what happens to values that don't fit
    record Cast(NamedExpr input, DataType type, CastFailure failure) implements NamedExpr {}

    /// An expression under a name.
    record Alias(NamedExpr input, String name) implements NamedExpr {}

    /// An expression, and what is known about the column that it becomes.
    record Described(NamedExpr input, Metadata metadata) implements NamedExpr {}

    /// A field of a struct, an element of an array, or a value of a map, by a key that is itself an expression.
    record Extract(NamedExpr input, NamedExpr key) implements NamedExpr {}

    /// An ordering, valid only in sorts and window definitions.
    record SortOrder(NamedExpr input, Direction direction, NullOrder nulls) implements NamedExpr {}

    /// A function of the program.
    record Apply(dev.headrace.function.UserFunction function, List<NamedExpr> arguments) implements NamedExpr {
        public Apply {
            arguments = List.copyOf(arguments);
        }
    }

    /// A lambda, valid only as an argument of a higher-order function.
    record Lambda(List<String> parameters, NamedExpr body) implements NamedExpr {
        public Lambda {
            parameters = List.copyOf(parameters);
        }
    }

    /// The column of this position, from 1: in a sort of its input's, in a grouping of the result's.
    record Ordinal(int position) implements NamedExpr {}

    /// The columns of a star but these.
    record StarExcept(Star star, List<List<String>> except) implements NamedExpr {
        public StarExcept {
            except = List.copyOf(except);
        }
    }

    /// An expression of several columns, such as `posexplode(a)`, under a name for each.
    record MultiAlias(NamedExpr input, List<String> names) implements NamedExpr {
        public MultiAlias {
            names = List.copyOf(names);
        }
    }

    /// An aggregate function over the rows for which a condition is true.
    record Filtered(NamedExpr function, NamedExpr condition) implements NamedExpr {}

    /// A length of time.
    ///
    /// @param type the fields that were written; empty if months stand beside days or times: such a length is no value
    ///     of its own, it can only be added to or subtracted from a date or a timestamp
    record Interval(int months, int days, long micros, Optional<AnsiIntervalType> type) implements NamedExpr {
        private static final long MICROS_PER_DAY = 86_400_000_000L;

        /// With the type that its parts have.
        public Interval(int months, int days, long micros) {
            this(months, days, micros, type(months, days, micros));
        }

        private static Optional<AnsiIntervalType> type(int months, int days, long micros) {
            if (months == 0) {
                return Optional.of(new DayTimeIntervalType(
                        DayTimeIntervalType.DAY(),
                        micros == 0 ? DayTimeIntervalType.DAY() : DayTimeIntervalType.SECOND()));
            }
            return days == 0 && micros == 0 ? Optional.of(new YearMonthIntervalType()) : Optional.empty();
        }

        /// The value of its type; empty if it has none.
        ///
        /// @throws ArithmeticException if it is out of range
        public Optional<Scalar> value() {
            return type.map(fields -> new Scalar(
                    fields instanceof YearMonthIntervalType ? (Object) months : (Object) totalMicros(), fields));
        }

        private long totalMicros() {
            return Math.addExact(Math.multiplyExact(days, MICROS_PER_DAY), micros);
        }

        /// @throws ArithmeticException if a part of it is out of range
        public Interval negated() {
            return new Interval(Math.negateExact(months), Math.negateExact(days), Math.negateExact(micros), type);
        }
    }

    /// A function over the rows around a row.
    ///
    /// @param function a [Call], or a [Filtered] one
    /// @param order as in sorts
    /// @param frame absent: what the function, or whether there is an order, suggests
    record Over(
            NamedExpr function,
            boolean ignoreNulls,
            List<NamedExpr> partition,
            List<NamedExpr> order,
            Optional<WindowFrame<NamedExpr>> frame)
            implements NamedExpr {
        public Over {
            partition = List.copyOf(partition);
            order = List.copyOf(order);
        }

        private List<NamedExpr> all() {
            List<NamedExpr> all = new java.util.ArrayList<>(List.of(function));
            all.addAll(partition);
            all.addAll(order);
            frame.ifPresent(f -> all.addAll(f.distances()));
            return all;
        }
    }

    /// The value of a query that gives one column and at most one row.
    record ScalarSubquery(NamedPlan plan) implements NamedExpr {}

    /// Whether a query gives a row with these values.
    record InSubquery(List<NamedExpr> values, NamedPlan plan) implements NamedExpr {
        public InSubquery {
            values = List.copyOf(values);
        }
    }

    /// Whether a query gives a row.
    record Exists(NamedPlan plan) implements NamedExpr {}

    /// What the expression is called by itself: by the alias, the column's last part, or its text. Result columns are
    /// called by what their names refer to, see [ResultNames].
    default String outputName() {
        return switch (this) {
            case Alias(NamedExpr _, String name) -> name;
            case Name(List<String> parts, OptionalLong _) -> parts.getLast();
            case At(int _, String name) -> name;
            case Cast(Name name, DataType _, CastFailure _) -> name.outputName();
            case Cast(Extract field, DataType _, CastFailure _) -> field.outputName();
            case Extract(NamedExpr _, Literal(Scalar key))
                    when key.type() instanceof dev.headrace.types.StringType -> key.toString();
            case Call call when TIME_WINDOWS.contains(call.function()) -> call.function();
            case NamedExpr other -> NamedExprText.of(other);
        };
    }

    /// The alias, if there is one on top.
    default Optional<String> alias() {
        return this instanceof Alias(NamedExpr _, String name) ? Optional.of(name) : Optional.empty();
    }

    /// The expression as Spark prints it, such as `(amount + 1)`.
    default String text() {
        return NamedExprText.of(this);
    }

    /// The query that this is the value of, or that it asks.
    default Optional<NamedPlan> subquery() {
        return switch (this) {
            case ScalarSubquery(NamedPlan plan) -> Optional.of(plan);
            case InSubquery(List<NamedExpr> _, NamedPlan plan) -> Optional.of(plan);
            case Exists(NamedPlan plan) -> Optional.of(plan);
            default -> Optional.empty();
        };
    }

    /// The operands in order.
    default List<NamedExpr> operands() {
        return switch (this) {
            case Name _, At _, Outer _, Star _, Literal _, Ordinal _, StarExcept _, Interval _ -> List.of();
            case ScalarSubquery _, Exists _ -> List.of();
            case InSubquery(List<NamedExpr> values, NamedPlan _) -> values;
            case MultiAlias(NamedExpr input, List<String> _) -> List.of(input);
            case Filtered(NamedExpr function, NamedExpr condition) -> List.of(function, condition);
            case Over over -> over.all();
            case Call call -> call.arguments();
            case Cast(NamedExpr input, DataType _, CastFailure _) -> List.of(input);
            case Alias(NamedExpr input, String _) -> List.of(input);
            case Described(NamedExpr input, Metadata _) -> List.of(input);
            case Extract(NamedExpr input, NamedExpr key) -> List.of(input, key);
            case SortOrder(NamedExpr input, Direction _, NullOrder _) -> List.of(input);
            case Lambda(List<String> _, NamedExpr body) -> List.of(body);
            case Apply(var _, List<NamedExpr> arguments) -> arguments;
        };
    }
}

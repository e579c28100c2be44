package dev.headrace.plan;

import dev.headrace.function.ScalarFunction;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// An expression over the columns of its input, by ordinal, with every type known and every implicit cast explicit.
///
/// A node that exists is well-typed: constructors check. The interpreter ([dev.headrace.function.Interpreter]) defines
/// what an expression means; generated code must agree with it.
public sealed interface BoundExpr {
    DataType type();

    /// False only if the value is never null.
    boolean nullable();

    /// A column of the input.
    ///
    /// @param name for messages and plans only
    record Column(int ordinal, String name, DataType type, boolean nullable) implements BoundExpr {
        @Override
        public String toString() {
            return name + "#" + ordinal;
        }
    }

    record Literal(Scalar value) implements BoundExpr {
        @Override
        public DataType type() {
            return value.type();
        }

        @Override
        public boolean nullable() {
            return value.isNull();
        }

        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// @param origin where it is written; so with the other kinds of expressions that can fail
    record Cast(BoundExpr input, DataType type, CastFailure failure, Origin origin) implements BoundExpr {
        public Cast(BoundExpr input, DataType type, CastFailure failure) {
            this(input, type, failure, Origin.NONE);
        }

        @Override
        public boolean nullable() {
            return input.nullable() || failure == CastFailure.NULL;
        }

        @Override
        public String toString() {
            return (failure == CastFailure.NULL ? "try_cast(" : "cast(") + input + " as " + type.simpleString() + ")";
        }
    }

    /// Equal types on both sides. NaN equals NaN and is the largest number; -0.0 equals 0.0.
    record Compare(CompareOp op, BoundExpr left, BoundExpr right) implements BoundExpr {
        public Compare {
            check(
                    left.type().equals(right.type()) || left.type().isNested(),
                    op + " of " + left.type() + " and " + right.type());
        }

        @Override
        public DataType type() {
            return DataTypes.BooleanType;
        }

        @Override
        public boolean nullable() {
            return op != CompareOp.NULL_SAFE_EQUAL && (left.nullable() || right.nullable());
        }

        @Override
        public String toString() {
            return "(" + left + " " + op.symbol() + " " + right + ")";
        }
    }

    /// Operands of the result's type, but for decimals, whose result type follows Spark's precision rules.
    ///
    /// Integers overflow and division by zero raise an error under [CastFailure#ERROR] and give null under
    /// [CastFailure#NULL] (`try_add` …). `/` is defined for double and decimal only, `div` for bigint only.
    record Arithmetic(
            ArithmeticOp op, BoundExpr left, BoundExpr right, DataType type, CastFailure failure, Origin origin)
            implements BoundExpr {
        public Arithmetic(ArithmeticOp op, BoundExpr left, BoundExpr right, DataType type, CastFailure failure) {
            this(op, left, right, type, failure, Origin.NONE);
        }

        @Override
        public boolean nullable() {
            return failure == CastFailure.NULL || left.nullable() || right.nullable();
        }

        @Override
        public String toString() {
            return "(" + left + " " + op.symbol() + " " + right + ")";
        }
    }

    /// SQL's three-valued AND.
    record And(BoundExpr left, BoundExpr right) implements BoundExpr {
        public And {
            check(isBoolean(left) && isBoolean(right), "AND of " + left.type() + " and " + right.type());
        }

        @Override
        public DataType type() {
            return DataTypes.BooleanType;
        }

        @Override
        public boolean nullable() {
            return left.nullable() || right.nullable();
        }

        @Override
        public String toString() {
            return "(" + left + " AND " + right + ")";
        }
    }

    /// SQL's three-valued OR.
    record Or(BoundExpr left, BoundExpr right) implements BoundExpr {
        public Or {
            check(isBoolean(left) && isBoolean(right), "OR of " + left.type() + " and " + right.type());
        }

        @Override
        public DataType type() {
            return DataTypes.BooleanType;
        }

        @Override
        public boolean nullable() {
            return left.nullable() || right.nullable();
        }

        @Override
        public String toString() {
            return "(" + left + " OR " + right + ")";
        }
    }

    record Not(BoundExpr input) implements BoundExpr {
        public Not {
            check(isBoolean(input), "NOT of " + input.type());
        }

        @Override
        public DataType type() {
            return DataTypes.BooleanType;
        }

        @Override
        public boolean nullable() {
            return input.nullable();
        }

        @Override
        public String toString() {
            return "NOT " + input;
        }
    }

    record IsNull(BoundExpr input) implements BoundExpr {
        @Override
        public DataType type() {
            return DataTypes.BooleanType;
        }

        @Override
        public boolean nullable() {
            return false;
        }

        @Override
        public String toString() {
            return "isnull(" + input + ")";
        }
    }

    /// The first argument that is not null; arguments after it are not evaluated. All have the result's type.
    record Coalesce(List<BoundExpr> arguments) implements BoundExpr {
        public Coalesce {
            arguments = List.copyOf(arguments);
        }

        @Override
        public DataType type() {
            return arguments.getFirst().type();
        }

        @Override
        public boolean nullable() {
            return arguments.stream().allMatch(BoundExpr::nullable);
        }

        @Override
        public String toString() {
            return "coalesce" + BoundExpr.list(arguments);
        }
    }

    /// The value of the first branch whose condition is true, else the last value, else null; nothing else is
    /// evaluated.
    record Case(List<Branch> branches, Optional<BoundExpr> otherwise, DataType type) implements BoundExpr {
        public Case {
            branches = List.copyOf(branches);
        }

        /// One `WHEN condition THEN value`.
        public record Branch(BoundExpr condition, BoundExpr value) {}

        @Override
        public boolean nullable() {
            return otherwise.isEmpty()
                    || otherwise.get().nullable()
                    || branches.stream().anyMatch(branch -> branch.value().nullable());
        }

        @Override
        public String toString() {
            StringBuilder out = new StringBuilder("CASE");
            branches.forEach(b ->
                    out.append(" WHEN ").append(b.condition()).append(" THEN ").append(b.value()));
            otherwise.ifPresent(value -> out.append(" ELSE ").append(value));
            return out.append(" END").toString();
        }
    }

    /// SQL's IN over constants of the value's type: true if one equals, else null if the value or a constant is null.
    record In(BoundExpr value, List<Scalar> constants) implements BoundExpr {
        public In {
            constants = List.copyOf(constants);
        }

        @Override
        public DataType type() {
            return DataTypes.BooleanType;
        }

        @Override
        public boolean nullable() {
            return value.nullable() || constants.stream().anyMatch(Scalar::isNull);
        }

        @Override
        public String toString() {
            return value + " IN " + constants;
        }
    }

    /// A field of a struct; null if the struct is.
    record GetField(BoundExpr struct, int ordinal) implements BoundExpr {
        public GetField {
            check(
                    struct.type() instanceof StructType type && ordinal < type.size(),
                    "field " + ordinal + " of " + struct.type());
        }

        private dev.headrace.types.StructField field() {
            return ((StructType) struct.type()).field(ordinal);
        }

        @Override
        public DataType type() {
            return field().dataType();
        }

        @Override
        public boolean nullable() {
            return struct.nullable() || field().nullable();
        }

        @Override
        public String toString() {
            return struct + "." + field().name();
        }
    }

    /// A struct made of its fields' values; never null itself.
    record MakeStruct(List<BoundExpr> values, StructType type) implements BoundExpr {
        public MakeStruct {
            values = List.copyOf(values);
        }

        @Override
        public boolean nullable() {
            return false;
        }

        @Override
        public String toString() {
            return "struct" + BoundExpr.list(values);
        }
    }

    /// A function of the library, bound to its argument types; see [ScalarFunction] for how nulls are treated.
    record Call(ScalarFunction function, List<BoundExpr> arguments, DataType type, Origin origin) implements BoundExpr {
        public Call {
            arguments = List.copyOf(arguments);
        }

        public Call(ScalarFunction function, List<BoundExpr> arguments, DataType type) {
            this(function, arguments, type, Origin.NONE);
        }

        @Override
        public boolean nullable() {
            return function.nullable(arguments.stream().anyMatch(BoundExpr::nullable));
        }

        @Override
        public String toString() {
            return function.name() + BoundExpr.list(arguments);
        }
    }

    /// As its author may have written it, for messages: columns have their names only.
    default String text() {
        String text = toString();
        List<Column> columns = columns()
                .sorted(Comparator.comparing(Column::ordinal).reversed())
                .toList();
        for (Column column : columns) {
            text = text.replace(column.toString(), column.name());
        }
        return text;
    }

    private Stream<Column> columns() {
        return this instanceof Column column
                ? Stream.of(column)
                : operands().stream().flatMap(BoundExpr::columns);
    }

    /// The operands in order.
    default List<BoundExpr> operands() {
        List<BoundExpr> operands = new ArrayList<>();
        mapOperands(operand -> {
            operands.add(operand);
            return operand;
        });
        return operands;
    }

    /// This node with each operand replaced.
    default BoundExpr mapOperands(UnaryOperator<BoundExpr> f) {
        return switch (this) {
            case Column _, Literal _ -> this;
            case Cast(BoundExpr input, DataType type, CastFailure failure, Origin origin) ->
                new Cast(f.apply(input), type, failure, origin);
            case Compare(CompareOp op, BoundExpr left, BoundExpr right) ->
                new Compare(op, f.apply(left), f.apply(right));
            case Arithmetic(
                    ArithmeticOp op,
                    BoundExpr left,
                    BoundExpr right,
                    DataType type,
                    CastFailure failure,
                    Origin origin) -> new Arithmetic(op, f.apply(left), f.apply(right), type, failure, origin);
            case And(BoundExpr left, BoundExpr right) -> new And(f.apply(left), f.apply(right));
            case Or(BoundExpr left, BoundExpr right) -> new Or(f.apply(left), f.apply(right));
            case Not(BoundExpr input) -> new Not(f.apply(input));
            case IsNull(BoundExpr input) -> new IsNull(f.apply(input));
            case Coalesce(List<BoundExpr> arguments) -> new Coalesce(map(arguments, f));
            case Case(List<Case.Branch> branches, Optional<BoundExpr> otherwise, DataType type) -> {
                List<Case.Branch> mapped = new ArrayList<>();
                for (Case.Branch branch : branches) {
                    mapped.add(new Case.Branch(f.apply(branch.condition()), f.apply(branch.value())));
                }
                yield new Case(mapped, otherwise.map(f), type);
            }
            case In(BoundExpr value, List<Scalar> constants) -> new In(f.apply(value), constants);
            case GetField(BoundExpr struct, int ordinal) -> new GetField(f.apply(struct), ordinal);
            case MakeStruct(List<BoundExpr> values, StructType type) -> new MakeStruct(map(values, f), type);
            case Call(ScalarFunction function, List<BoundExpr> arguments, DataType type, Origin origin) ->
                new Call(function, map(arguments, f), type, origin);
        };
    }

    /// This tree with `f` applied to every node, operands first.
    default BoundExpr transformUp(UnaryOperator<BoundExpr> f) {
        return f.apply(mapOperands(operand -> operand.transformUp(f)));
    }

    /// Where the expression is written, if it can fail and stands in a text.
    default Origin origin() {
        return Origin.NONE;
    }

    /// This tree with an origin for what has none: the node, and what was bound along with it for the same part of the
    /// text, such as casts of its operands. That is not deep, and what lies deeper was bound for a part of its own.
    default BoundExpr writtenAt(Origin origin) {
        return writtenAt(origin, 3);
    }

    private BoundExpr writtenAt(Origin origin, int depth) {
        boolean isSettled = this instanceof Column || this instanceof Literal || origin().isKnown();
        if (isSettled) {
            return this;
        }
        BoundExpr below = depth == 0 ? this : mapOperands(operand -> operand.writtenAt(origin, depth - 1));
        return switch (below) {
            case Cast(BoundExpr input, DataType type, CastFailure failure, var _) ->
                new Cast(input, type, failure, origin);
            case Arithmetic(
                    ArithmeticOp op,
                    BoundExpr left,
                    BoundExpr right,
                    DataType type,
                    CastFailure failure,
                    var _) -> new Arithmetic(op, left, right, type, failure, origin);
            case Call(ScalarFunction function, List<BoundExpr> arguments, DataType type, var _) ->
                new Call(function, arguments, type, origin);
            case BoundExpr other -> other;
        };
    }

    /// False if the value may differ between two evaluations over the same row and batch, as `rand()` does.
    default boolean deterministic() {
        return !(this instanceof Call call && !call.function().deterministic())
                && operands().stream().allMatch(BoundExpr::deterministic);
    }

    private static List<BoundExpr> map(List<BoundExpr> exprs, UnaryOperator<BoundExpr> f) {
        return exprs.stream().map(f).toList();
    }

    private static String list(List<BoundExpr> exprs) {
        return exprs.stream().map(Object::toString).collect(java.util.stream.Collectors.joining(", ", "(", ")"));
    }

    private static boolean isBoolean(BoundExpr expr) {
        return expr.type() instanceof BooleanType;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("ill-typed expression: " + what);
        }
    }
}

package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.expressions.WindowSpec;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Chains;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NullOrder;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.WindowFrame;
import dev.headrace.types.DataType;
import dev.headrace.types.Metadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An expression over the columns of a DataFrame, not yet bound to one:
/// `col("price").multiply(col("count")).as("total")`.
///
/// Names and types are checked by the DataFrame method that the column is given to. Where a method takes an `Object`,
/// it takes a column or a constant, as [functions#lit] does. Immutable.
public final class Column {
    private final NamedExpr expr;

    Column(NamedExpr expr) {
        this.expr = expr;
    }

    /// The column of this name; see [functions#col].
    public Column(String name) {
        this(ColumnName.parse(name));
    }

    NamedExpr expr() {
        return expr;
    }

    private Column call(String function, @Nullable Object... others) {
        List<NamedExpr> arguments = new ArrayList<>();
        arguments.add(expr);
        for (Object other : others) {
            arguments.add(operand(other));
        }
        return new Column(new NamedExpr.Call(function, arguments, false));
    }

    private static NamedExpr operand(@Nullable Object value) {
        return value instanceof Column column ? column.expr : new NamedExpr.Literal(Scalar.ofJava(value));
    }

    public Column plus(Object other) {
        return call("+", other);
    }

    public Column minus(Object other) {
        return call("-", other);
    }

    public Column multiply(Object other) {
        return call("*", other);
    }

    public Column divide(Object other) {
        return call("/", other);
    }

    /// The remainder, with the sign of this.
    public Column mod(Object other) {
        return call("%", other);
    }

    public Column equalTo(Object other) {
        return call("=", other);
    }

    public Column notEqual(Object other) {
        return new Column(new NamedExpr.Call("not", call("=", other).expr));
    }

    /// Equality for which null equals null, and which is never null itself.
    public Column eqNullSafe(@Nullable Object other) {
        return call("<=>", other);
    }

    public Column gt(Object other) {
        return call(">", other);
    }

    public Column geq(Object other) {
        return call(">=", other);
    }

    public Column lt(Object other) {
        return call("<", other);
    }

    public Column leq(Object other) {
        return call("<=", other);
    }

    /// Whether this is at least `lower` and at most `upper`.
    public Column between(Object lower, Object upper) {
        return call("between", lower, upper);
    }

    public Column and(Column other) {
        return new Column(Chains.joined("and", expr, other.expr));
    }

    public Column or(Column other) {
        return new Column(Chains.joined("or", expr, other.expr));
    }

    public Column isNull() {
        return call("isnull");
    }

    public Column isNotNull() {
        return call("isnotnull");
    }

    public Column isNaN() {
        return call("isnan");
    }

    /// Whether this equals one of the values; false if there are none.
    public Column isin(Object... values) {
        return values.length == 0 ? functions.lit(false) : call("in", values);
    }

    public Column isInCollection(Iterable<?> values) {
        List<Object> all = new ArrayList<>();
        values.forEach(all::add);
        return isin(all.toArray());
    }

    /// Whether this matches an SQL pattern, in which `%` stands for any text and `_` for any character.
    public Column like(String pattern) {
        return call("like", pattern);
    }

    /// As [#like], without regard to case.
    public Column ilike(String pattern) {
        return call("ilike", pattern);
    }

    /// Whether a part of this matches a Java regular expression.
    public Column rlike(String pattern) {
        return call("rlike", pattern);
    }

    public Column contains(Object other) {
        return call("contains", other);
    }

    public Column startsWith(Object prefix) {
        return call("startswith", prefix);
    }

    public Column endsWith(Object suffix) {
        return call("endswith", suffix);
    }

    /// The part of a text.
    ///
    /// @param start where it begins, from 1; from the end if negative
    /// @param length how many characters it has at most
    public Column substr(int start, int length) {
        return call("substring", start, length);
    }

    public Column substr(Column start, Column length) {
        return call("substring", start, length);
    }

    public Column bitwiseAND(Object other) {
        return call("&", other);
    }

    public Column bitwiseOR(Object other) {
        return call("|", other);
    }

    public Column bitwiseXOR(Object other) {
        return call("^", other);
    }

    /// This as another type; a value that does not fit fails the query.
    public Column cast(DataType to) {
        return new Column(new NamedExpr.Cast(expr, to, CastFailure.ERROR));
    }

    /// @param to the type as in SQL, such as `decimal(10,2)`
    public Column cast(String to) {
        return cast(DataType.fromDDL(to));
    }

    /// This as another type; a value that does not fit becomes null.
    public Column try_cast(DataType to) {
        return new Column(new NamedExpr.Cast(expr, to, CastFailure.NULL));
    }

    public Column try_cast(String to) {
        return try_cast(DataType.fromDDL(to));
    }

    /// This function over the rows of a window: `sum("amount").over(Window.partitionBy("customer"))`.
    ///
    /// @throws QueryException `INVALID_BOUNDARY` if its frame counts more rows than an int can
    public Column over(WindowSpec window) {
        Optional<WindowFrame<NamedExpr>> frame =
                window.frame().map(given -> given.map(distance -> distance(given.unit(), distance)));
        return new Column(new NamedExpr.Over(
                expr,
                false,
                window.partition().stream().map(Column::expr).toList(),
                window.order().stream().map(Column::expr).toList(),
                frame));
    }

    private static NamedExpr distance(WindowFrame.Unit unit, long distance) {
        boolean isInt = (int) distance == distance;
        if (unit == WindowFrame.Unit.ROWS && !isInt) {
            throw new QueryException(
                    "INVALID_BOUNDARY",
                    "rowsBetween(…): " + distance + " rows are more than " + Integer.MAX_VALUE
                            + ". Use Window.unboundedPreceding() or Window.unboundedFollowing().");
        }
        return operand(isInt ? (Object) (int) distance : distance);
    }

    /// This function over all rows.
    public Column over() {
        return new Column(new NamedExpr.Over(expr, false, List.of(), List.of(), Optional.empty()));
    }

    /// This under a name.
    public Column as(String alias) {
        return new Column(new NamedExpr.Alias(expr, alias));
    }

    /// This under a name, with facts about the column beside its type, which its schema has. Columns that are passed on
    /// keep theirs.
    public Column as(String alias, Metadata metadata) {
        return new Column(new NamedExpr.Alias(new NamedExpr.Described(expr, metadata), alias));
    }

    public Column alias(String alias) {
        return as(alias);
    }

    public Column name(String alias) {
        return as(alias);
    }

    /// A field of a struct.
    public Column getField(String fieldName) {
        return new Column(new NamedExpr.Extract(expr, operand(fieldName)));
    }

    /// An element of an array by its position from 0, a value of a map by its key, or a field of a struct by its name.
    public Column getItem(Object key) {
        return new Column(new NamedExpr.Extract(expr, operand(key)));
    }

    public Column apply(Object key) {
        return getItem(key);
    }

    /// Another branch of `functions.when(…)`: the value if the condition is true and none of those before is.
    ///
    /// @throws QueryException `MISPLACED_WHEN` if this is no `when(…)`, or has its `otherwise(…)` already
    public Column when(Column condition, @Nullable Object value) {
        return append(openCase("when"), condition, value);
    }

    /// The value if no condition of a `functions.when(…)` is true.
    ///
    /// @throws QueryException `MISPLACED_WHEN` if this is no `when(…)`, or has its `otherwise(…)` already
    public Column otherwise(@Nullable Object value) {
        return append(openCase("otherwise"), value);
    }

    private static Column append(NamedExpr.Call open, @Nullable Object... more) {
        List<NamedExpr> arguments = new ArrayList<>(open.arguments());
        Arrays.stream(more).map(Column::operand).forEach(arguments::add);
        return new Column(new NamedExpr.Call("when", arguments, false));
    }

    private NamedExpr.Call openCase(String method) {
        if (expr instanceof NamedExpr.Call call
                && call.function().equals("when")
                && call.arguments().size() % 2 == 0) {
            return call;
        }
        throw new QueryException(
                "MISPLACED_WHEN",
                method + "(…) follows functions.when(…), with otherwise(…) once and last; it can't be called on '"
                        + this + "'.");
    }

    /// Sorted ascending, nulls first.
    public Column asc() {
        return sorted(Direction.ASC, NullOrder.FIRST);
    }

    public Column asc_nulls_first() {
        return sorted(Direction.ASC, NullOrder.FIRST);
    }

    public Column asc_nulls_last() {
        return sorted(Direction.ASC, NullOrder.LAST);
    }

    /// Sorted descending, nulls last.
    public Column desc() {
        return sorted(Direction.DESC, NullOrder.LAST);
    }

    public Column desc_nulls_first() {
        return sorted(Direction.DESC, NullOrder.FIRST);
    }

    public Column desc_nulls_last() {
        return sorted(Direction.DESC, NullOrder.LAST);
    }

    private Column sorted(Direction direction, NullOrder nulls) {
        return new Column(new NamedExpr.SortOrder(expr, direction, nulls));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Column that && expr.equals(that.expr);
    }

    @Override
    public int hashCode() {
        return expr.hashCode();
    }

    /// The expression as Spark prints it, such as `(amount > 10)`.
    @Override
    public String toString() {
        return expr.text();
    }

    /// What a function makes of this; for chains of calls.
    public Column transform(java.util.function.Function<Column, Column> f) {
        return f.apply(this);
    }

    /// This column as one of a query around the subquery that it is used in: for conditions of DataFrames that
    /// [DataFrame#exists], [DataFrame#scalar] or [DataFrame#lateralJoin] put into another one. Such a DataFrame has no
    /// rows of its own.
    public Column outer() {
        return expr instanceof NamedExpr.Name name ? new Column(new NamedExpr.Outer(name)) : this;
    }

    /// A struct with a field added or replaced: `col("address").withField("city", lit("Berlin"))`.
    ///
    /// @param fieldName may be nested: `address.city`
    public Column withField(String fieldName, Column value) {
        return call("with_field", fieldName, value);
    }

    /// A struct without these fields; those that don't exist are ignored.
    public Column dropFields(String... fieldNames) {
        return call("drop_fields", (Object[]) fieldNames);
    }
}

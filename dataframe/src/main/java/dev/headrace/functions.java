package dev.headrace;

// Longer than 600 lines because it is a list: one line of code per function, and users import all of it at once.

import dev.headrace.chunk.Slice;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Functions over columns, with Spark's names; `import static dev.headrace.functions.*` brings all of them.
///
/// Each only names the function: which arguments it takes is checked by the DataFrame method that the column is given
/// to. Every function is null for a null argument, unless its description says otherwise. [#call_function] reaches the
/// functions that have no method here; `docs/reference/functions.md` lists all.
public final class functions {
    private functions() {}

    private static Column call(String function, @Nullable Object... arguments) {
        return new Column(new NamedExpr.Call(function, operands(arguments), false));
    }

    private static Column distinct(String function, Column... arguments) {
        return new Column(new NamedExpr.Call(function, operands(arguments), true));
    }

    private static List<NamedExpr> operands(@Nullable Object[] arguments) {
        return Arrays.stream(arguments).map(argument -> lit(argument).expr()).toList();
    }

    private static Column[] columns(String first, String... others) {
        List<Column> columns = new ArrayList<>(List.of(col(first)));
        Arrays.stream(others).map(functions::col).forEach(columns::add);
        return columns.toArray(Column[]::new);
    }

    private static Column[] concat(Column first, Column... others) {
        List<Column> columns = new ArrayList<>(List.of(first));
        columns.addAll(Arrays.asList(others));
        return columns.toArray(Column[]::new);
    }

    /// An expression in SQL, possibly with an alias: `expr("price * 2 AS double_price")`. Constants of times in it are
    /// read in the active session's time zone.
    ///
    /// @throws dev.headrace.errors.QueryException `PARSE_SYNTAX_ERROR`, with its column
    public static Column expr(String expr) {
        return new Column(SqlExpressions.parse(expr));
    }

    /// A constant map of texts, as functions take their options.
    private static Column constant(Map<String, String> options) {
        Map<Object, @Nullable Object> cells = new LinkedHashMap<>();
        options.forEach((key, value) -> cells.put(Slice.utf8(key), Slice.utf8(value)));
        MapType type = new MapType(DataTypes.StringType, DataTypes.StringType, false);
        return new Column(new NamedExpr.Literal(new Scalar(cells, type)));
    }

    // ---- Columns and constants

    /// The column of this name: `id`, `orders.id` with the alias of a relation, `address.city` for a field of a struct.
    /// Put backquotes around parts with dots in them. `*` and `orders.*` stand for all columns.
    public static Column col(String name) {
        return new Column(ColumnName.parse(name));
    }

    /// The column of this name; see [#col].
    public static Column column(String name) {
        return col(name);
    }

    /// A constant: a number, String, Boolean, BigDecimal, byte[], date or time; a column is given back as it is.
    ///
    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_LITERAL` for objects of other classes
    public static Column lit(@Nullable Object literal) {
        return literal instanceof Column column ? column : new Column(new NamedExpr.Literal(Scalar.ofJava(literal)));
    }

    /// A function by its name in SQL.
    public static Column call_function(String name, Column... arguments) {
        return call(name, (Object[]) arguments);
    }

    /// A struct of the columns, whose names its fields take.
    public static Column struct(Column... columns) {
        return call("struct", (Object[]) columns);
    }

    /// A struct of the columns of these names.
    public static Column struct(String first, String... others) {
        return struct(columns(first, others));
    }

    /// An array of the values, which have one type.
    public static Column array(Column... elements) {
        return call("array", (Object[]) elements);
    }

    /// An array of the columns of these names.
    public static Column array(String first, String... others) {
        return array(columns(first, others));
    }

    /// A map of keys and values in turns.
    public static Column map(Column... keysAndValues) {
        return call("map", (Object[]) keysAndValues);
    }

    // ---- Conditions and nulls

    /// The value if the condition is true; more branches and the value of last resort follow with [Column#when] and
    /// [Column#otherwise].
    public static Column when(Column condition, @Nullable Object value) {
        return call("when", condition, value);
    }

    /// The first value that is not null.
    public static Column coalesce(Column... values) {
        return call("coalesce", (Object[]) values);
    }

    /// Whether the value is null.
    public static Column isnull(Column e) {
        return call("isnull", e);
    }

    /// Whether the value is not null.
    public static Column isnotnull(Column e) {
        return call("isnotnull", e);
    }

    /// Whether the number is NaN; false for null.
    public static Column isnan(Column e) {
        return call("isnan", e);
    }

    /// `other` if the value is NaN.
    public static Column nanvl(Column value, Column other) {
        return call("nanvl", value, other);
    }

    /// `other` if the value is null.
    public static Column ifnull(Column value, Column other) {
        return call("ifnull", value, other);
    }

    /// `other` if the value is null.
    public static Column nvl(Column value, Column other) {
        return call("nvl", value, other);
    }

    /// `yes` if the value is not null, else `no`.
    public static Column nvl2(Column value, Column yes, Column no) {
        return call("nvl2", value, yes, no);
    }

    /// Null if the two are equal, else the value.
    public static Column nullif(Column value, Column other) {
        return call("nullif", value, other);
    }

    /// The greatest value, nulls skipped.
    public static Column greatest(Column... values) {
        return call("greatest", (Object[]) values);
    }

    /// The least value, nulls skipped.
    public static Column least(Column... values) {
        return call("least", (Object[]) values);
    }

    /// The opposite.
    public static Column not(Column condition) {
        return call("not", condition);
    }

    /// The number with its sign turned.
    public static Column negate(Column number) {
        return call("negative", number);
    }

    /// The type of the value, as text.
    public static Column typeof(Column value) {
        return call("typeof", value);
    }

    // ---- Aggregates

    /// The number of rows in which the value is not null.
    public static Column count(Column e) {
        return call("count", e.expr() instanceof NamedExpr.Star ? lit(1) : e);
    }

    /// The number of rows in which the column is not null; of all rows for `*`.
    public static Column count(String columnName) {
        return count(col(columnName));
    }

    /// The sum. Overflow is an error.
    public static Column sum(Column e) {
        return call("sum", e);
    }

    /// The sum, of the column of this name.
    public static Column sum(String columnName) {
        return sum(col(columnName));
    }

    /// The sum of the distinct values.
    public static Column sum_distinct(Column e) {
        return distinct("sum", e);
    }

    /// The mean.
    public static Column avg(Column e) {
        return call("avg", e);
    }

    /// The mean, of the column of this name.
    public static Column avg(String columnName) {
        return avg(col(columnName));
    }

    /// The mean.
    public static Column mean(Column e) {
        return call("avg", e);
    }

    /// The mean, of the column of this name.
    public static Column mean(String columnName) {
        return mean(col(columnName));
    }

    /// The least value.
    public static Column min(Column e) {
        return call("min", e);
    }

    /// The least value, of the column of this name.
    public static Column min(String columnName) {
        return min(col(columnName));
    }

    /// The greatest value.
    public static Column max(Column e) {
        return call("max", e);
    }

    /// The greatest value, of the column of this name.
    public static Column max(String columnName) {
        return max(col(columnName));
    }

    /// The value of the first row.
    public static Column first(Column e) {
        return call("first", e);
    }

    /// The value of the first row, of the column of this name.
    public static Column first(String columnName) {
        return first(col(columnName));
    }

    /// The value of the first row, or with `ignoreNulls` of the first in which it is not null.
    public static Column first(Column e, boolean ignoreNulls) {
        return call("first", e, ignoreNulls);
    }

    /// The value of the last row.
    public static Column last(Column e) {
        return call("last", e);
    }

    /// The value of the last row, of the column of this name.
    public static Column last(String columnName) {
        return last(col(columnName));
    }

    /// The value of the last row, or with `ignoreNulls` of the last in which it is not null.
    public static Column last(Column e, boolean ignoreNulls) {
        return call("last", e, ignoreNulls);
    }

    /// The value of some row.
    public static Column any_value(Column e) {
        return call("any_value", e);
    }

    /// The number of distinct combinations of values without nulls.
    public static Column countDistinct(Column first, Column... others) {
        return distinct("count", concat(first, others));
    }

    /// The number of distinct combinations of the columns without nulls.
    public static Column countDistinct(String first, String... others) {
        return distinct("count", columns(first, others));
    }

    /// The number of distinct combinations of values without nulls.
    public static Column count_distinct(Column first, Column... others) {
        return countDistinct(first, others);
    }

    /// About how many distinct values there are.
    public static Column approx_count_distinct(Column e) {
        return call("approx_count_distinct", e);
    }

    /// About how many distinct values there are, of the column of this name.
    public static Column approx_count_distinct(String columnName) {
        return approx_count_distinct(col(columnName));
    }

    /// About how many distinct values there are, with a relative standard deviation of at most `rsd`.
    public static Column approx_count_distinct(Column e, double rsd) {
        return call("approx_count_distinct", e, rsd);
    }

    /// The number of rows for which the condition is true.
    public static Column count_if(Column condition) {
        return call("count_if", condition);
    }

    /// The value of the row in which `by` is least.
    public static Column min_by(Column e, Column by) {
        return call("min_by", e, by);
    }

    /// The value of the row in which `by` is greatest.
    public static Column max_by(Column e, Column by) {
        return call("max_by", e, by);
    }

    /// The values that are not null, as an array.
    public static Column collect_list(Column e) {
        return call("collect_list", e);
    }

    /// The values that are not null, as an array, of the column of this name.
    public static Column collect_list(String columnName) {
        return collect_list(col(columnName));
    }

    /// The distinct values that are not null, as an array.
    public static Column collect_set(Column e) {
        return call("collect_set", e);
    }

    /// The distinct values that are not null, as an array, of the column of this name.
    public static Column collect_set(String columnName) {
        return collect_set(col(columnName));
    }

    /// The standard deviation of a sample.
    public static Column stddev(Column e) {
        return call("stddev", e);
    }

    /// The standard deviation of a sample, of the column of this name.
    public static Column stddev(String columnName) {
        return stddev(col(columnName));
    }

    /// The standard deviation of a sample.
    public static Column stddev_samp(Column e) {
        return call("stddev", e);
    }

    /// The standard deviation of a population.
    public static Column stddev_pop(Column e) {
        return call("stddev_pop", e);
    }

    /// The variance of a sample.
    public static Column variance(Column e) {
        return call("variance", e);
    }

    /// The variance of a sample, of the column of this name.
    public static Column variance(String columnName) {
        return variance(col(columnName));
    }

    /// The variance of a sample.
    public static Column var_samp(Column e) {
        return call("variance", e);
    }

    /// The variance of a population.
    public static Column var_pop(Column e) {
        return call("var_pop", e);
    }

    /// Whether the condition is true in all rows in which it is not null.
    public static Column bool_and(Column condition) {
        return call("bool_and", condition);
    }

    /// Whether the condition is true in some row.
    public static Column bool_or(Column condition) {
        return call("bool_or", condition);
    }

    // ---- Strings

    /// The text in upper case.
    public static Column upper(Column e) {
        return call("upper", e);
    }

    /// The text in lower case.
    public static Column lower(Column e) {
        return call("lower", e);
    }

    /// The first letter of each word in upper case, the others in lower case.
    public static Column initcap(Column e) {
        return call("initcap", e);
    }

    /// The number of characters, or of bytes of a binary.
    public static Column length(Column e) {
        return call("length", e);
    }

    /// The text without blanks at both ends.
    public static Column trim(Column e) {
        return call("trim", e);
    }

    /// The text without blanks at its start.
    public static Column ltrim(Column e) {
        return call("ltrim", e);
    }

    /// The text without blanks at its end.
    public static Column rtrim(Column e) {
        return call("rtrim", e);
    }

    /// The characters, or the elements of an array, in reverse order.
    public static Column reverse(Column e) {
        return call("reverse", e);
    }

    /// The code of the first character.
    public static Column ascii(Column e) {
        return call("ascii", e);
    }

    /// A binary in base 64.
    public static Column base64(Column e) {
        return call("base64", e);
    }

    /// The bytes of a text in base 64.
    public static Column unbase64(Column e) {
        return call("unbase64", e);
    }

    /// A number or a binary in hexadecimal.
    public static Column hex(Column e) {
        return call("hex", e);
    }

    /// The bytes of a text in hexadecimal.
    public static Column unhex(Column e) {
        return call("unhex", e);
    }

    /// The text without the characters of `trimString` at both ends.
    public static Column trim(Column e, String trimString) {
        return call("trim", e, trimString);
    }

    /// The text without the characters of `trimString` at its start.
    public static Column ltrim(Column e, String trimString) {
        return call("ltrim", e, trimString);
    }

    /// The text without the characters of `trimString` at its end.
    public static Column rtrim(Column e, String trimString) {
        return call("rtrim", e, trimString);
    }

    /// The text cut, or filled up on the left with `pad`, to `len` characters.
    public static Column lpad(Column str, int len, String pad) {
        return call("lpad", str, len, pad);
    }

    /// The text cut, or filled up on the right with `pad`, to `len` characters.
    public static Column rpad(Column str, int len, String pad) {
        return call("rpad", str, len, pad);
    }

    /// The part of a text from position `pos` on, counted from 1, or from the end if negative.
    public static Column substring(Column str, int pos, int len) {
        return call("substring", str, pos, len);
    }

    /// The part of a text from position `pos` on, counted from 1, or from the end if negative.
    public static Column substring(Column str, Column pos, Column len) {
        return call("substring", str, pos, len);
    }

    /// The part before the `count`-th delimiter; after it, counted from the end, if negative.
    public static Column substring_index(Column str, String delim, int count) {
        return call("substring_index", str, delim, count);
    }

    /// The first `len` characters.
    public static Column left(Column str, Column len) {
        return call("left", str, len);
    }

    /// The last `len` characters.
    public static Column right(Column str, Column len) {
        return call("right", str, len);
    }

    /// The values one after the other: texts, binaries or arrays.
    public static Column concat(Column... values) {
        return call("concat", (Object[]) values);
    }

    /// The texts, and elements of arrays of texts, with a separator between; nulls are skipped.
    public static Column concat_ws(String separator, Column... values) {
        return call("concat_ws", (Object[]) concat(lit(separator), values));
    }

    /// The position of the first occurrence, from 1; 0 if there is none.
    public static Column instr(Column str, String substring) {
        return call("instr", str, substring);
    }

    /// The position of the first occurrence, from 1; 0 if there is none.
    public static Column locate(String substring, Column str) {
        return call("locate", substring, str);
    }

    /// The position of the first occurrence at or after `pos`, from 1; 0 if there is none.
    public static Column locate(String substring, Column str, int pos) {
        return call("locate", substring, str, pos);
    }

    /// All occurrences of `search` replaced.
    public static Column replace(Column str, Column search, Column replacement) {
        return call("replace", str, search, replacement);
    }

    /// Each character of `matching` replaced by the one at its place in `replacement`.
    public static Column translate(Column str, String matching, String replacement) {
        return call("translate", str, matching, replacement);
    }

    /// The parts between matches of a regular expression.
    public static Column split(Column str, String pattern) {
        return call("split", str, pattern);
    }

    /// The parts between matches of a regular expression, at most `limit` if that is positive.
    public static Column split(Column str, String pattern, int limit) {
        return call("split", str, pattern, limit);
    }

    /// The part at a number, from 1, between delimiters.
    public static Column split_part(Column str, Column delim, Column partNum) {
        return call("split_part", str, delim, partNum);
    }

    /// The text `n` times.
    public static Column repeat(Column str, int n) {
        return call("repeat", str, n);
    }

    /// Whether the text starts so.
    public static Column startswith(Column str, Column prefix) {
        return call("startswith", str, prefix);
    }

    /// Whether the text ends so.
    public static Column endswith(Column str, Column suffix) {
        return call("endswith", str, suffix);
    }

    /// Whether the text has this part.
    public static Column contains(Column str, Column part) {
        return call("contains", str, part);
    }

    /// All matches of a regular expression replaced; `$1` is the first group.
    public static Column regexp_replace(Column str, String pattern, String replacement) {
        return call("regexp_replace", str, pattern, replacement);
    }

    /// All matches of a regular expression replaced; `$1` is the first group.
    public static Column regexp_replace(Column str, Column pattern, Column replacement) {
        return call("regexp_replace", str, pattern, replacement);
    }

    /// A group of the first match of a regular expression, or no text.
    public static Column regexp_extract(Column str, String pattern, int group) {
        return call("regexp_extract", str, pattern, group);
    }

    /// A group of each match of a regular expression.
    public static Column regexp_extract_all(Column str, Column pattern, Column group) {
        return call("regexp_extract_all", str, pattern, group);
    }

    /// Whether a regular expression matches a part of the text.
    public static Column regexp_like(Column str, Column pattern) {
        return call("regexp_like", str, pattern);
    }

    /// The number of matches of a regular expression.
    public static Column regexp_count(Column str, Column pattern) {
        return call("regexp_count", str, pattern);
    }

    /// How many characters to insert, remove or replace to make one text the other.
    public static Column levenshtein(Column a, Column b) {
        return call("levenshtein", a, b);
    }

    /// The number with commas between thousands and so many decimals.
    public static Column format_number(Column number, int decimals) {
        return call("format_number", number, decimals);
    }

    /// The bytes of a text in a character set.
    public static Column encode(Column str, String charset) {
        return call("encode", str, charset);
    }

    /// The text of bytes in a character set.
    public static Column decode(Column bytes, String charset) {
        return call("decode", bytes, charset);
    }

    // ---- Numbers

    /// The absolute value.
    public static Column abs(Column e) {
        return call("abs", e);
    }

    /// -1, 0 or 1.
    public static Column signum(Column e) {
        return call("signum", e);
    }

    /// The least whole number that is not less.
    public static Column ceil(Column e) {
        return call("ceil", e);
    }

    /// The greatest whole number that is not greater.
    public static Column floor(Column e) {
        return call("floor", e);
    }

    /// The nearest whole number, a half to the even one.
    public static Column rint(Column e) {
        return call("rint", e);
    }

    /// The square root; NaN for a negative number.
    public static Column sqrt(Column e) {
        return call("sqrt", e);
    }

    /// The cube root.
    public static Column cbrt(Column e) {
        return call("cbrt", e);
    }

    /// e to the power.
    public static Column exp(Column e) {
        return call("exp", e);
    }

    /// e to the power, less 1.
    public static Column expm1(Column e) {
        return call("expm1", e);
    }

    /// The natural logarithm; null for 0 and less.
    public static Column ln(Column e) {
        return call("ln", e);
    }

    /// The natural logarithm; null for 0 and less.
    public static Column log(Column e) {
        return call("log", e);
    }

    /// The logarithm to base 10.
    public static Column log10(Column e) {
        return call("log10", e);
    }

    /// The logarithm to base 2.
    public static Column log2(Column e) {
        return call("log2", e);
    }

    /// The natural logarithm of 1 more.
    public static Column log1p(Column e) {
        return call("log1p", e);
    }

    /// The sine of an angle in radians.
    public static Column sin(Column e) {
        return call("sin", e);
    }

    /// The cosine of an angle in radians.
    public static Column cos(Column e) {
        return call("cos", e);
    }

    /// The tangent of an angle in radians.
    public static Column tan(Column e) {
        return call("tan", e);
    }

    /// The hyperbolic sine.
    public static Column sinh(Column e) {
        return call("sinh", e);
    }

    /// The hyperbolic cosine.
    public static Column cosh(Column e) {
        return call("cosh", e);
    }

    /// The hyperbolic tangent.
    public static Column tanh(Column e) {
        return call("tanh", e);
    }

    /// The angle of a sine.
    public static Column asin(Column e) {
        return call("asin", e);
    }

    /// The angle of a cosine.
    public static Column acos(Column e) {
        return call("acos", e);
    }

    /// The angle of a tangent.
    public static Column atan(Column e) {
        return call("atan", e);
    }

    /// An angle in radians as degrees.
    public static Column degrees(Column e) {
        return call("degrees", e);
    }

    /// An angle in degrees as radians.
    public static Column radians(Column e) {
        return call("radians", e);
    }

    /// n!, for 0 to 20; else null.
    public static Column factorial(Column e) {
        return call("factorial", e);
    }

    /// A whole number in binary.
    public static Column bin(Column e) {
        return call("bin", e);
    }

    /// The logarithm to a base.
    public static Column log(double base, Column e) {
        return call("log", base, e);
    }

    /// Rounded to a whole number, a half away from zero.
    public static Column round(Column e) {
        return call("round", e);
    }

    /// Rounded to so many decimals, a half away from zero.
    public static Column round(Column e, int scale) {
        return call("round", e, scale);
    }

    /// Rounded to a whole number, a half to the even one.
    public static Column bround(Column e) {
        return call("bround", e);
    }

    /// Rounded to so many decimals, a half to the even one.
    public static Column bround(Column e, int scale) {
        return call("bround", e, scale);
    }

    /// The power.
    public static Column pow(Column base, Column exponent) {
        return call("pow", base, exponent);
    }

    /// The power.
    public static Column pow(Column base, double exponent) {
        return call("pow", base, exponent);
    }

    /// The power.
    public static Column power(Column base, Column exponent) {
        return call("pow", base, exponent);
    }

    /// The angle of the point (x, y).
    public static Column atan2(Column y, Column x) {
        return call("atan2", y, x);
    }

    /// The square root of a² + b².
    public static Column hypot(Column a, Column b) {
        return call("hypot", a, b);
    }

    /// The remainder, never negative for a positive divisor.
    public static Column pmod(Column dividend, Column divisor) {
        return call("pmod", dividend, divisor);
    }

    /// The bits of an integer turned.
    public static Column bitwise_not(Column e) {
        return call("~", e);
    }

    /// The bits moved to the left.
    public static Column shiftleft(Column e, int bits) {
        return call("shiftleft", e, bits);
    }

    /// The bits moved to the right, keeping the sign.
    public static Column shiftright(Column e, int bits) {
        return call("shiftright", e, bits);
    }

    /// A number in [0, 1), another one for each row.
    public static Column rand() {
        return call("rand");
    }

    /// A number in [0, 1), another one for each row, the same ones for the same seed.
    public static Column rand(long seed) {
        return call("rand", seed);
    }

    /// A number that grows from row to row within a split, and is another one in each.
    public static Column monotonically_increasing_id() {
        return call("monotonically_increasing_id");
    }

    /// The number of the split that the row is read from.
    public static Column spark_partition_id() {
        return call("spark_partition_id");
    }

    /// The sum, or null if it overflows.
    public static Column try_add(Column a, Column b) {
        return call("try_add", a, b);
    }

    /// The difference, or null if it overflows.
    public static Column try_subtract(Column a, Column b) {
        return call("try_subtract", a, b);
    }

    /// The product, or null if it overflows.
    public static Column try_multiply(Column a, Column b) {
        return call("try_multiply", a, b);
    }

    /// The quotient, or null for a division by zero.
    public static Column try_divide(Column a, Column b) {
        return call("try_divide", a, b);
    }

    // ---- Dates and timestamps

    /// The date of the batch, in the session time zone.
    public static Column current_date() {
        return call("current_date");
    }

    /// The time of the batch, the same for all its rows.
    public static Column current_timestamp() {
        return call("current_timestamp");
    }

    /// The time of the batch, the same for all its rows.
    public static Column now() {
        return call("now");
    }

    /// The session time zone.
    public static Column current_timezone() {
        return call("current_timezone");
    }

    /// The year.
    public static Column year(Column e) {
        return call("year", e);
    }

    /// The quarter, 1 to 4.
    public static Column quarter(Column e) {
        return call("quarter", e);
    }

    /// The month, 1 to 12.
    public static Column month(Column e) {
        return call("month", e);
    }

    /// The day of the month, from 1.
    public static Column dayofmonth(Column e) {
        return call("dayofmonth", e);
    }

    /// The day of the month, from 1.
    public static Column day(Column e) {
        return call("day", e);
    }

    /// The day of the week, 1 for Sunday.
    public static Column dayofweek(Column e) {
        return call("dayofweek", e);
    }

    /// The day of the week, 0 for Monday.
    public static Column weekday(Column e) {
        return call("weekday", e);
    }

    /// The day of the year, from 1.
    public static Column dayofyear(Column e) {
        return call("dayofyear", e);
    }

    /// The ISO week, 1 to 53.
    public static Column weekofyear(Column e) {
        return call("weekofyear", e);
    }

    /// The hour in the session time zone.
    public static Column hour(Column e) {
        return call("hour", e);
    }

    /// The minute.
    public static Column minute(Column e) {
        return call("minute", e);
    }

    /// The second.
    public static Column second(Column e) {
        return call("second", e);
    }

    /// The last day of the month.
    public static Column last_day(Column e) {
        return call("last_day", e);
    }

    /// The date in a text such as `2026-01-31`, or of a timestamp.
    public static Column to_date(Column e) {
        return call("to_date", e);
    }

    /// The time in a text such as `2026-01-31 10:00:00`.
    public static Column to_timestamp(Column e) {
        return call("to_timestamp", e);
    }

    /// The time in a text such as `2026-01-31 10:00:00`, or null if it is none.
    public static Column try_to_timestamp(Column e) {
        return call("try_to_timestamp", e);
    }

    /// The seconds since 1970.
    public static Column unix_timestamp(Column e) {
        return call("unix_timestamp", e);
    }

    /// The time so many seconds after 1970, as text.
    public static Column from_unixtime(Column e) {
        return call("from_unixtime", e);
    }

    /// The time so many seconds after 1970.
    public static Column timestamp_seconds(Column e) {
        return call("timestamp_seconds", e);
    }

    /// The time so many milliseconds after 1970.
    public static Column timestamp_millis(Column e) {
        return call("timestamp_millis", e);
    }

    /// The time so many microseconds after 1970.
    public static Column timestamp_micros(Column e) {
        return call("timestamp_micros", e);
    }

    /// The seconds since 1970.
    public static Column unix_seconds(Column e) {
        return call("unix_seconds", e);
    }

    /// The milliseconds since 1970.
    public static Column unix_millis(Column e) {
        return call("unix_millis", e);
    }

    /// The microseconds since 1970.
    public static Column unix_micros(Column e) {
        return call("unix_micros", e);
    }

    /// The days since 1970.
    public static Column unix_date(Column e) {
        return call("unix_date", e);
    }

    /// The date in a text, by a pattern such as `dd.MM.yyyy`.
    public static Column to_date(Column str, String pattern) {
        return call("to_date", str, pattern);
    }

    /// The time in a text, by a pattern such as `dd.MM.yyyy HH:mm`.
    public static Column to_timestamp(Column str, String pattern) {
        return call("to_timestamp", str, pattern);
    }

    /// A time as text, by a pattern such as `yyyy-MM-dd HH:mm`.
    public static Column date_format(Column time, String pattern) {
        return call("date_format", time, pattern);
    }

    /// The time so many seconds after 1970, as text by a pattern.
    public static Column from_unixtime(Column seconds, String pattern) {
        return call("from_unixtime", seconds, pattern);
    }

    /// The seconds since 1970 of the batch's time.
    public static Column unix_timestamp() {
        return call("unix_timestamp");
    }

    /// The seconds since 1970 of the time in a text, by a pattern.
    public static Column unix_timestamp(Column str, String pattern) {
        return call("unix_timestamp", str, pattern);
    }

    /// The date so many days later.
    public static Column date_add(Column date, int days) {
        return call("date_add", date, days);
    }

    /// The date so many days later.
    public static Column date_add(Column date, Column days) {
        return call("date_add", date, days);
    }

    /// The date so many days earlier.
    public static Column date_sub(Column date, int days) {
        return call("date_sub", date, days);
    }

    /// The date so many days earlier.
    public static Column date_sub(Column date, Column days) {
        return call("date_sub", date, days);
    }

    /// The number of days from start to end.
    public static Column datediff(Column end, Column start) {
        return call("datediff", end, start);
    }

    /// The date so many months later.
    public static Column add_months(Column date, int months) {
        return call("add_months", date, months);
    }

    /// The date so many months later.
    public static Column add_months(Column date, Column months) {
        return call("add_months", date, months);
    }

    /// The number of months from start to end.
    public static Column months_between(Column end, Column start) {
        return call("months_between", end, start);
    }

    /// The first such weekday after the date.
    public static Column next_day(Column date, String weekday) {
        return call("next_day", date, weekday);
    }

    /// The start of the date's `year`, `quarter`, `month` or `week`.
    public static Column trunc(Column date, String unit) {
        return call("trunc", date, unit);
    }

    /// The start of the time's unit: `year`, `month`, `week`, `day`, `hour`, `minute` …
    public static Column date_trunc(String unit, Column time) {
        return call("date_trunc", unit, time);
    }

    /// The date of a year, a month and a day.
    public static Column make_date(Column year, Column month, Column day) {
        return call("make_date", year, month, day);
    }

    /// The time that clocks in a zone show when those in UTC show this one.
    public static Column from_utc_timestamp(Column time, String zone) {
        return call("from_utc_timestamp", time, zone);
    }

    /// The time that clocks in UTC show when those in a zone show this one.
    public static Column to_utc_timestamp(Column time, String zone) {
        return call("to_utc_timestamp", time, zone);
    }

    /// The tumbling window that a time lies in: a struct of `start` (inclusive) and `end` (exclusive). Windows are
    /// aligned to 1970-01-01T00:00:00Z. Rows whose time is null are left out.
    ///
    /// @param windowDuration an interval such as `1 minute`
    public static Column window(Column timeColumn, String windowDuration) {
        return call("window", timeColumn, windowDuration);
    }

    /// The sliding windows that a time lies in: each row comes once for each of them. A new one begins every
    /// `slideDuration`, which is not longer than `windowDuration`.
    public static Column window(Column timeColumn, String windowDuration, String slideDuration) {
        return call("window", timeColumn, windowDuration, slideDuration);
    }

    /// The windows that a time lies in, shifted by `startTime` against 1970-01-01T00:00:00Z.
    public static Column window(Column timeColumn, String windowDuration, String slideDuration, String startTime) {
        return call("window", timeColumn, windowDuration, slideDuration, startTime);
    }

    /// The session that a time belongs to: rows that are at most `gapDuration` apart are of one session, which lasts
    /// from the first time to `gapDuration` after the last. A struct of `start` and `end`, to group by; sessions are of
    /// rows that are equal in the other grouping columns. Rows whose time is null are left out.
    ///
    /// @param gapDuration an interval such as `5 minutes`
    public static Column session_window(Column timeColumn, String gapDuration) {
        return call("session_window", timeColumn, gapDuration);
    }

    /// As [#session_window(Column, String)], with a gap for each row.
    ///
    /// @param gapDuration gives a text such as `5 minutes`; rows for which it gives null, or a gap that is not longer
    ///     than zero, are left out
    public static Column session_window(Column timeColumn, Column gapDuration) {
        return call("session_window", timeColumn, gapDuration);
    }

    /// The event time of a window, to aggregate windows again: the last microsecond before its end.
    ///
    /// @param windowColumn of `window` or `session_window`
    public static Column window_time(Column windowColumn) {
        return call("window_time", windowColumn);
    }

    // ---- Arrays, maps and structs

    /// The number of elements or entries.
    public static Column size(Column e) {
        return call("size", e);
    }

    /// The elements, each once.
    public static Column array_distinct(Column e) {
        return call("array_distinct", e);
    }

    /// The greatest element, nulls skipped.
    public static Column array_max(Column e) {
        return call("array_max", e);
    }

    /// The least element, nulls skipped.
    public static Column array_min(Column e) {
        return call("array_min", e);
    }

    /// The elements without nulls.
    public static Column array_compact(Column e) {
        return call("array_compact", e);
    }

    /// The elements sorted, nulls last.
    public static Column array_sort(Column e) {
        return call("array_sort", e);
    }

    /// The elements sorted, nulls first.
    public static Column sort_array(Column e) {
        return call("sort_array", e);
    }

    /// The elements of the inner arrays.
    public static Column flatten(Column e) {
        return call("flatten", e);
    }

    /// The keys of a map.
    public static Column map_keys(Column e) {
        return call("map_keys", e);
    }

    /// The values of a map.
    public static Column map_values(Column e) {
        return call("map_values", e);
    }

    /// A row for each element of an array or entry of a map, in a column `col`, or `key` and `value`.
    public static Column explode(Column e) {
        return call("explode", e);
    }

    /// As [#explode], but a row with null for an array or map that is null or empty.
    public static Column explode_outer(Column e) {
        return call("explode_outer", e);
    }

    /// As [#explode], with the position from 0 in a column `pos` before.
    public static Column posexplode(Column e) {
        return call("posexplode", e);
    }

    /// As [#posexplode], but a row with nulls for an array or map that is null or empty.
    public static Column posexplode_outer(Column e) {
        return call("posexplode_outer", e);
    }

    /// The elements sorted: ascending with nulls first, or descending with nulls last.
    public static Column sort_array(Column e, boolean ascending) {
        return call("sort_array", e, ascending);
    }

    /// The element at an index from 1 (negative: from the end), an error outside; the value of a key, null for an
    /// unknown one.
    public static Column element_at(Column collection, Object key) {
        return call("element_at", collection, key);
    }

    /// The element at an index from 0, null outside.
    public static Column get(Column array, Column index) {
        return call("get", array, index);
    }

    /// Whether an element equals the value; null if none does and one is null.
    public static Column array_contains(Column array, Object value) {
        return call("array_contains", array, value);
    }

    /// The position of the first element equal to the value, from 1; 0 if there is none.
    public static Column array_position(Column array, Object value) {
        return call("array_position", array, value);
    }

    /// The elements that don't equal the value.
    public static Column array_remove(Column array, Object value) {
        return call("array_remove", array, value);
    }

    /// The elements, and the value at the end.
    public static Column array_append(Column array, Object value) {
        return call("array_append", array, value);
    }

    /// The value at the start, and the elements.
    public static Column array_prepend(Column array, Object value) {
        return call("array_prepend", array, value);
    }

    /// The elements with a separator between, nulls skipped.
    public static Column array_join(Column array, String separator) {
        return call("array_join", array, separator);
    }

    /// The elements with a separator between, nulls replaced.
    public static Column array_join(Column array, String separator, String nullReplacement) {
        return call("array_join", array, separator, nullReplacement);
    }

    /// The elements of either array, each once.
    public static Column array_union(Column a, Column b) {
        return call("array_union", a, b);
    }

    /// The elements in both arrays, each once.
    public static Column array_intersect(Column a, Column b) {
        return call("array_intersect", a, b);
    }

    /// The elements of `a` that are not in `b`, each once.
    public static Column array_except(Column a, Column b) {
        return call("array_except", a, b);
    }

    /// Whether an element is in both arrays; null if not, but one has a null.
    public static Column arrays_overlap(Column a, Column b) {
        return call("arrays_overlap", a, b);
    }

    /// The value so many times.
    public static Column array_repeat(Column value, int count) {
        return call("array_repeat", value, count);
    }

    /// The elements from `start` on, counted from 1, or from the end if negative.
    public static Column slice(Column array, int start, int length) {
        return call("slice", array, start, length);
    }

    /// The numbers from start to stop.
    public static Column sequence(Column start, Column stop) {
        return call("sequence", start, stop);
    }

    /// The numbers from start to stop, by a step.
    public static Column sequence(Column start, Column stop, Column step) {
        return call("sequence", start, stop, step);
    }

    /// The map of these keys and values.
    public static Column map_from_arrays(Column keys, Column values) {
        return call("map_from_arrays", keys, values);
    }

    /// The entries of all maps.
    public static Column map_concat(Column... maps) {
        return call("map_concat", (Object[]) maps);
    }

    /// Whether the map has the key.
    public static Column map_contains_key(Column map, Object key) {
        return call("map_contains_key", map, key);
    }

    // ---- JSON

    /// The struct, array or map in a JSON text; null if the text is malformed.
    public static Column from_json(Column json, DataType schema) {
        return from_json(json, schema, Map.of());
    }

    /// The value in a JSON text.
    ///
    /// @param options such as `mode`, as the JSON reader takes them
    public static Column from_json(Column json, DataType schema, Map<String, String> options) {
        return call("from_json", json, schema.json(), constant(options));
    }

    /// The value in a JSON text.
    ///
    /// @param schema the type as in SQL, such as `id bigint, name string`
    public static Column from_json(Column json, String schema) {
        return from_json(json, DataType.fromDDL(schema));
    }

    /// The value in a JSON text.
    ///
    /// @param schema the type as in SQL, such as `id bigint, name string`
    public static Column from_json(Column json, String schema, Map<String, String> options) {
        return from_json(json, DataType.fromDDL(schema), options);
    }

    /// A struct, array or map as JSON text.
    public static Column to_json(Column value) {
        return call("to_json", value);
    }

    /// A struct, array or map as JSON text.
    ///
    /// @param options as the JSON writer takes them
    public static Column to_json(Column value, Map<String, String> options) {
        return call("to_json", value, constant(options));
    }

    /// The value at a path such as `$.items[0].id` of a JSON text, as text.
    public static Column get_json_object(Column json, String path) {
        return call("get_json_object", json, path);
    }

    // ---- CSV

    /// The struct in a record of CSV.
    ///
    /// @param options such as `sep`, as the CSV reader takes them
    public static Column from_csv(Column csv, StructType schema, Map<String, String> options) {
        return call("from_csv", csv, schema.json(), constant(options));
    }

    /// The struct in a record of CSV.
    ///
    /// @param schema as in SQL, such as `id bigint, name string`
    public static Column from_csv(Column csv, String schema, Map<String, String> options) {
        return from_csv(csv, StructType.fromDDL(schema), options);
    }

    /// A struct as a record of CSV.
    public static Column to_csv(Column struct) {
        return call("to_csv", struct);
    }

    /// A struct as a record of CSV.
    ///
    /// @param options as the CSV writer takes them
    public static Column to_csv(Column struct, Map<String, String> options) {
        return call("to_csv", struct, constant(options));
    }

    /// The type of a record of CSV, as [#from_csv] takes it.
    public static Column schema_of_csv(String csv) {
        return call("schema_of_csv", csv);
    }

    // ---- Hashes

    /// MD5, in hexadecimal.
    public static Column md5(Column e) {
        return call("md5", e);
    }

    /// SHA-1, in hexadecimal.
    public static Column sha1(Column e) {
        return call("sha1", e);
    }

    /// CRC-32.
    public static Column crc32(Column e) {
        return call("crc32", e);
    }

    /// SHA-224, 256, 384 or 512, in hexadecimal.
    public static Column sha2(Column e, int bits) {
        return call("sha2", e, bits);
    }

    /// Spark's murmur3 hash of the values.
    public static Column hash(Column... values) {
        return call("hash", (Object[]) values);
    }

    /// Spark's 64-bit xxHash of the values.
    public static Column xxhash64(Column... values) {
        return call("xxhash64", (Object[]) values);
    }

    // ---- Orderings

    /// Ascending, nulls first.
    public static Column asc(String columnName) {
        return col(columnName).asc();
    }

    /// Descending, nulls last.
    public static Column desc(String columnName) {
        return col(columnName).desc();
    }

    /// Ascending, nulls last.
    public static Column asc_nulls_last(String columnName) {
        return col(columnName).asc_nulls_last();
    }

    /// Descending, nulls first.
    public static Column desc_nulls_first(String columnName) {
        return col(columnName).desc_nulls_first();
    }

    // ---- Window functions

    /// The row's number in its partition, from 1.
    public static Column row_number() {
        return call_function("row_number");
    }

    /// One more than the number of rows that come before in the order, equal ones not counted.
    public static Column rank() {
        return call_function("rank");
    }

    /// As [#rank], but without gaps.
    public static Column dense_rank() {
        return call_function("dense_rank");
    }

    /// The rank as a part of the partition, from 0 to 1.
    public static Column percent_rank() {
        return call_function("percent_rank");
    }

    /// The part of the partition's rows that come before or are equal, up to 1.
    public static Column cume_dist() {
        return call_function("cume_dist");
    }

    /// Which of `n` parts of nearly equal size the row is in, from 1.
    public static Column ntile(int n) {
        return call_function("ntile", lit(n));
    }

    /// The value `offset` rows before; null if there is no such row.
    public static Column lag(Column e, int offset) {
        return call_function("lag", e, lit(offset));
    }

    public static Column lag(String columnName, int offset) {
        return lag(col(columnName), offset);
    }

    public static Column lag(Column e, int offset, Object defaultValue) {
        return call_function("lag", e, lit(offset), lit(defaultValue));
    }

    public static Column lag(String columnName, int offset, Object defaultValue) {
        return lag(col(columnName), offset, defaultValue);
    }

    /// The value `offset` rows after; null if there is no such row.
    public static Column lead(Column e, int offset) {
        return call_function("lead", e, lit(offset));
    }

    public static Column lead(String columnName, int offset) {
        return lead(col(columnName), offset);
    }

    public static Column lead(Column e, int offset, Object defaultValue) {
        return call_function("lead", e, lit(offset), lit(defaultValue));
    }

    public static Column lead(String columnName, int offset, Object defaultValue) {
        return lead(col(columnName), offset, defaultValue);
    }

    /// The value in the `offset`-th row of the frame, from 1; null if the frame is shorter.
    public static Column nth_value(Column e, int offset) {
        return call_function("nth_value", e, lit(offset));
    }

    /// @param ignoreNulls whether rows with null are not counted
    public static Column nth_value(Column e, int offset, boolean ignoreNulls) {
        return call_function("nth_value", e, lit(offset), lit(ignoreNulls));
    }

    /// 1 if the column is not grouped by in this row of a rollup or cube, else 0.
    public static Column grouping(Column e) {
        return call_function("grouping", e);
    }

    public static Column grouping(String columnName) {
        return grouping(col(columnName));
    }

    /// The bits of [#grouping] of all grouping columns, the first one's the highest.
    public static Column grouping_id(Column... columns) {
        return call_function("grouping_id", columns);
    }
}

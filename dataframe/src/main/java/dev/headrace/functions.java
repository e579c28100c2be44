package dev.headrace;

// Longer than 600 lines because it is a list: one line of code per function, and users import all of it at once.

import dev.headrace.api.java.UDF0;
import dev.headrace.api.java.UDF1;
import dev.headrace.api.java.UDF10;
import dev.headrace.api.java.UDF2;
import dev.headrace.api.java.UDF3;
import dev.headrace.api.java.UDF4;
import dev.headrace.api.java.UDF5;
import dev.headrace.api.java.UDF6;
import dev.headrace.api.java.UDF7;
import dev.headrace.api.java.UDF8;
import dev.headrace.api.java.UDF9;
import dev.headrace.api.java.function.Function3;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.QueryException;
import dev.headrace.expressions.Aggregator;
import dev.headrace.expressions.UserDefinedFunction;
import dev.headrace.plan.ExtractField;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    /// A constant: a number, String, Boolean, BigDecimal, byte[], date or time, or an array, a List or a Map of such; a
    /// column is given back as it is.
    ///
    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_LITERAL` for objects of other classes
    public static Column lit(@Nullable Object literal) {
        return switch (literal) {
            case Column column -> column;
            case List<?> elements -> array(elements.stream().map(functions::lit).toArray(Column[]::new));
            case Map<?, ?> entries ->
                map(entries.entrySet().stream()
                        .flatMap(entry -> Stream.of(lit(entry.getKey()), lit(entry.getValue())))
                        .toArray(Column[]::new));
            case Object elements when elements.getClass().isArray() && !(elements instanceof byte[]) ->
                array(IntStream.range(0, Array.getLength(elements))
                        .mapToObj(i -> lit(Array.get(elements, i)))
                        .toArray(Column[]::new));
            case null, default -> new Column(new NamedExpr.Literal(Scalar.ofJava(literal)));
        };
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
        return call("trim", trimString, e);
    }

    /// The text without the characters of `trimString` at its start.
    public static Column ltrim(Column e, String trimString) {
        return call("ltrim", trimString, e);
    }

    /// The text without the characters of `trimString` at its end.
    public static Column rtrim(Column e, String trimString) {
        return call("rtrim", trimString, e);
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

    /// The file that the row is from, as a URI such as `file:///data/a.csv`; no text if it is from none. Ask before a
    /// join or an aggregation. The column `_metadata` says more.
    public static Column input_file_name() {
        return call("input_file_name");
    }

    /// 0: a file counts as one block; -1 if the row is from no file.
    public static Column input_file_block_start() {
        return call("input_file_block_start");
    }

    /// The length of the row's file in bytes; -1 if it is from none.
    public static Column input_file_block_length() {
        return call("input_file_block_length");
    }

    /// Texts of fields of a JSON object as columns `c0`, `c1` and so on: a generator, as [#explode].
    public static Column json_tuple(Column json, String... fields) {
        Object[] arguments = new Object[fields.length + 1];
        arguments[0] = json;
        System.arraycopy(fields, 0, arguments, 1, fields.length);
        return call("json_tuple", arguments);
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

    // ---- Variants

    /// The variant of a JSON text; an error if it is none.
    public static Column parse_json(Column json) {
        return call("parse_json", json);
    }

    /// The variant of a JSON text; null if it is none.
    public static Column try_parse_json(Column json) {
        return call("try_parse_json", json);
    }

    /// What lies at a path such as `$.items[0].id`, as a value of a type, such as `int`; null if nothing does.
    public static Column variant_get(Column v, String path, String targetType) {
        return call("variant_get", v, path, targetType);
    }

    /// @param path a constant
    public static Column variant_get(Column v, Column path, String targetType) {
        return call("variant_get", v, path, targetType);
    }

    /// As [#variant_get(Column, String, String)], but null for what does not fit.
    public static Column try_variant_get(Column v, String path, String targetType) {
        return call("try_variant_get", v, path, targetType);
    }

    /// @param path a constant
    public static Column try_variant_get(Column v, Column path, String targetType) {
        return call("try_variant_get", v, path, targetType);
    }

    /// Whether a variant is there that holds null.
    public static Column is_variant_null(Column v) {
        return call("is_variant_null", v);
    }

    /// The types in a variant, as text.
    public static Column schema_of_variant(Column v) {
        return call("schema_of_variant", v);
    }

    /// The types in all variants, as text.
    public static Column schema_of_variant_agg(Column v) {
        return call("schema_of_variant_agg", v);
    }

    /// The variant of a struct, a map or an array.
    public static Column to_variant_object(Column col) {
        return call("to_variant_object", col);
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

    /// A field of a date, a time or an interval, such as `YEAR` or `SECOND`.
    ///
    /// @param field a constant string
    /// @throws QueryException `INVALID_EXTRACT_FIELD` if it is not one, or there is no such field
    public static Column extract(Column field, Column source) {
        String name = field.expr() instanceof NamedExpr.Literal(Scalar(Slice text, var _)) ? text.toString() : "";
        return new Column(ExtractField.of(name, source.expr())
                .orElseThrow(() -> new QueryException(
                        "INVALID_EXTRACT_FIELD",
                        "extract: '" + field + "' can't be extracted. Give a constant, one of " + ExtractField.NAMES
                                + ".")));
    }

    /// As [#extract].
    public static Column date_part(Column field, Column source) {
        return extract(field, source);
    }

    /// As [#extract].
    public static Column datepart(Column field, Column source) {
        return extract(field, source);
    }

    /// So many units, such as `DAY`, later.
    public static Column timestamp_add(String unit, Column quantity, Column ts) {
        return call("timestampadd", unit, quantity, ts);
    }

    /// The whole units, such as `DAY`, from start to end.
    public static Column timestamp_diff(String unit, Column start, Column end) {
        return call("timestampdiff", unit, start, end);
    }

    /// See [#make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column make_interval() {
        return call("make_interval");
    }

    /// See [#make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column make_interval(Column years) {
        return call("make_interval", years);
    }

    /// See [#make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column make_interval(Column years, Column months) {
        return call("make_interval", years, months);
    }

    /// See [#make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column make_interval(Column years, Column months, Column weeks) {
        return call("make_interval", years, months, weeks);
    }

    /// See [#make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column make_interval(Column years, Column months, Column weeks, Column days) {
        return call("make_interval", years, months, weeks, days);
    }

    /// See [#make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column make_interval(Column years, Column months, Column weeks, Column days, Column hours) {
        return call("make_interval", years, months, weeks, days, hours);
    }

    /// See [#make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column make_interval(
            Column years, Column months, Column weeks, Column days, Column hours, Column mins) {
        return call("make_interval", years, months, weeks, days, hours, mins);
    }

    /// The length of so many years, months, weeks, days, hours, minutes and seconds. It can only be added to or
    /// subtracted from a date or a timestamp: for values use [#make_ym_interval()] and [#make_dt_interval()].
    public static Column make_interval(
            Column years, Column months, Column weeks, Column days, Column hours, Column mins, Column secs) {
        return call("make_interval", years, months, weeks, days, hours, mins, secs);
    }

    /// See [#try_make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column try_make_interval(Column years) {
        return call("try_make_interval", years);
    }

    /// See [#try_make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column try_make_interval(Column years, Column months) {
        return call("try_make_interval", years, months);
    }

    /// See [#try_make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column try_make_interval(Column years, Column months, Column weeks) {
        return call("try_make_interval", years, months, weeks);
    }

    /// See [#try_make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column try_make_interval(Column years, Column months, Column weeks, Column days) {
        return call("try_make_interval", years, months, weeks, days);
    }

    /// See [#try_make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column try_make_interval(Column years, Column months, Column weeks, Column days, Column hours) {
        return call("try_make_interval", years, months, weeks, days, hours);
    }

    /// See [#try_make_interval(Column, Column, Column, Column, Column, Column, Column)]; the others are 0.
    public static Column try_make_interval(
            Column years, Column months, Column weeks, Column days, Column hours, Column mins) {
        return call("try_make_interval", years, months, weeks, days, hours, mins);
    }

    /// As make_interval, but null if it is out of range.
    public static Column try_make_interval(
            Column years, Column months, Column weeks, Column days, Column hours, Column mins, Column secs) {
        return call("try_make_interval", years, months, weeks, days, hours, mins, secs);
    }

    /// The interval of no time.
    public static Column make_ym_interval() {
        return call("make_ym_interval");
    }

    /// The interval of so many years.
    public static Column make_ym_interval(Column years) {
        return call("make_ym_interval", years);
    }

    /// The interval of so many years and months.
    public static Column make_ym_interval(Column years, Column months) {
        return call("make_ym_interval", years, months);
    }

    /// The interval of no time.
    public static Column make_dt_interval() {
        return call("make_dt_interval");
    }

    /// The interval of so many days.
    public static Column make_dt_interval(Column days) {
        return call("make_dt_interval", days);
    }

    /// The interval of so many days and hours.
    public static Column make_dt_interval(Column days, Column hours) {
        return call("make_dt_interval", days, hours);
    }

    /// The interval of so many days, hours and minutes.
    public static Column make_dt_interval(Column days, Column hours, Column mins) {
        return call("make_dt_interval", days, hours, mins);
    }

    /// The interval of so many days, hours, minutes and seconds.
    public static Column make_dt_interval(Column days, Column hours, Column mins, Column secs) {
        return call("make_dt_interval", days, hours, mins, secs);
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

    /// The day, week (from Monday), month, quarter or year that a time lies in, on the calendar of the session's time
    /// zone: a struct of `start` (inclusive) and `end` (exclusive). A day may have 23 or 25 hours. Rows whose time is
    /// null are left out.
    ///
    /// @param unit `day`, `week`, `month`, `quarter` or `year`
    public static Column calendar_window(Column timeColumn, String unit) {
        return call("calendar_window", timeColumn, unit);
    }

    /// As [#calendar_window(Column, String)], on the calendar of a time zone.
    ///
    /// @param timeZone such as `Europe/Berlin`
    public static Column calendar_window(Column timeColumn, String unit, String timeZone) {
        return call("calendar_window", timeColumn, unit, timeZone);
    }

    /// The windows that grow by a step, up to `maxDuration`, and then begin anew: each row comes once for each of them
    /// that it lies in. So a day's total so far comes out every hour.
    ///
    /// @param step an interval such as `1 hour`
    /// @param maxDuration a multiple of the step, such as `1 day`
    public static Column cumulate_window(Column timeColumn, String step, String maxDuration) {
        return call("cumulate_window", timeColumn, step, maxDuration);
    }

    /// As [#cumulate_window(Column, String, String)], shifted by `startTime` against 1970-01-01T00:00:00Z.
    public static Column cumulate_window(Column timeColumn, String step, String maxDuration, String startTime) {
        return call("cumulate_window", timeColumn, step, maxDuration, startTime);
    }

    /// Windows of so many rows: the first `rows` of them, the next ones, and so on, in the order in which they come; of
    /// rows that are equal in the other grouping columns. The window's number, from 0, to group by. A window comes out
    /// when it is full; one that never is does not.
    public static Column count_window(long rows) {
        return call("count_window", rows);
    }

    /// As [#count_window(long)]; a new window begins every `slide` rows, which are not more than `rows`.
    public static Column count_window(long rows, long slide) {
        return call("count_window", rows, slide);
    }

    /// As [#count_window(long)], in the order of a time: over a stream, that of the watermark, which a row waits for.
    /// Rows whose time is null are left out.
    public static Column count_window(Column timeColumn, long rows) {
        return call("count_window", timeColumn, rows);
    }

    public static Column count_window(Column timeColumn, long rows, long slide) {
        return call("count_window", timeColumn, rows, slide);
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

    // ---- Avro

    /// The value of a binary in Avro's form, without the header of a file; null for null.
    ///
    /// A binary that is no value of the schema is an error, `MALFORMED_AVRO_MESSAGE`.
    ///
    /// @param schema that it was written with, in JSON
    public static Column from_avro(Column avro, String schema) {
        return call("from_avro", avro, schema);
    }

    /// The value of a binary in Avro's form, without the header of a file; null for null.
    ///
    /// @param schema that it was written with, in JSON
    /// @param options `mode`: `FAILFAST`, or `PERMISSIVE` for a null, or a struct of nulls, where the binary is no
    ///     value of the schema; `avroSchema`: the schema that it is read as, with other fields
    public static Column from_avro(Column avro, String schema, Map<String, String> options) {
        return call("from_avro", avro, schema, constant(options));
    }

    /// A value in Avro's binary form, without the header of a file; null for null. The schema is the one that files
    /// have: a choice of the type and null if it may be null.
    public static Column to_avro(Column value) {
        return call("to_avro", value);
    }

    /// A value in Avro's binary form, without the header of a file; null for null.
    ///
    /// @param schema in JSON; fields are found by name
    public static Column to_avro(Column value, String schema) {
        return call("to_avro", value, schema);
    }

    /// The type that values of a schema have.
    ///
    /// @param schema in JSON
    public static Column schema_of_avro(String schema) {
        return call("schema_of_avro", schema);
    }

    /// The type that values of a schema have.
    ///
    /// @param schema in JSON
    /// @param options as [#from_avro] takes them
    public static Column schema_of_avro(String schema, Map<String, String> options) {
        return call("schema_of_avro", schema, constant(options));
    }

    // ---- Protobuf

    /// The struct that a message of Protobuf is; null for null.
    ///
    /// Bytes that are no such message are an error, `MALFORMED_PROTOBUF_MESSAGE`.
    ///
    /// @param messageName with the package, or without
    /// @param descFilePath the file that `protoc --include_imports --descriptor_set_out` has written; it is read when a
    ///     query is made of the column
    public static Column from_protobuf(Column data, String messageName, String descFilePath) {
        return call("from_protobuf", data, messageName, descFilePath);
    }

    /// As [#from_protobuf(Column, String, String)].
    ///
    /// @param options such as `mode`: `FAILFAST`, or `PERMISSIVE` for a null where the bytes are no such message
    public static Column from_protobuf(
            Column data, String messageName, String descFilePath, Map<String, String> options) {
        return call("from_protobuf", data, messageName, descFilePath, constant(options));
    }

    /// As [#from_protobuf(Column, String, String)].
    ///
    /// @param binaryFileDescriptorSet what the file would have
    public static Column from_protobuf(Column data, String messageName, byte[] binaryFileDescriptorSet) {
        return call("from_protobuf", data, messageName, binaryFileDescriptorSet);
    }

    /// As [#from_protobuf(Column, String, String, Map)].
    ///
    /// @param binaryFileDescriptorSet what the file would have
    public static Column from_protobuf(
            Column data, String messageName, byte[] binaryFileDescriptorSet, Map<String, String> options) {
        return call("from_protobuf", data, messageName, binaryFileDescriptorSet, constant(options));
    }

    /// A struct as a message of Protobuf; null for null. Fields are found by their names, and what is null is not
    /// given.
    ///
    /// @param messageName with the package, or without
    /// @param descFilePath the file that `protoc --include_imports --descriptor_set_out` has written; it is read when a
    ///     query is made of the column
    public static Column to_protobuf(Column data, String messageName, String descFilePath) {
        return call("to_protobuf", data, messageName, descFilePath);
    }

    /// As [#to_protobuf(Column, String, String)].
    ///
    /// @param options those of [#from_protobuf(Column, String, String, Map)], which say nothing about writing
    public static Column to_protobuf(
            Column data, String messageName, String descFilePath, Map<String, String> options) {
        return call("to_protobuf", data, messageName, descFilePath, constant(options));
    }

    /// As [#to_protobuf(Column, String, String)].
    ///
    /// @param binaryFileDescriptorSet what the file would have
    public static Column to_protobuf(Column data, String messageName, byte[] binaryFileDescriptorSet) {
        return call("to_protobuf", data, messageName, binaryFileDescriptorSet);
    }

    /// As [#to_protobuf(Column, String, String, Map)].
    ///
    /// @param binaryFileDescriptorSet what the file would have
    public static Column to_protobuf(
            Column data, String messageName, byte[] binaryFileDescriptorSet, Map<String, String> options) {
        return call("to_protobuf", data, messageName, binaryFileDescriptorSet, constant(options));
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

    /// The struct in a record of CSV.
    ///
    /// @param schema a constant, such as [#schema_of_csv(Column)] gives
    public static Column from_csv(Column csv, Column schema, Map<String, String> options) {
        return call("from_csv", csv, schema, constant(options));
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

    // ---- XML

    /// The struct in an element of XML; null for null.
    ///
    /// The element's attributes are the fields whose names begin with `_`, the elements in it those that are called
    /// like them, its text is the field `_VALUE`. What a field gets several times is an array.
    public static Column from_xml(Column xml, StructType schema) {
        return from_xml(xml, schema, Map.of());
    }

    /// The struct in an element of XML; null for null.
    ///
    /// @param options such as `mode`, as the XML reader takes them
    public static Column from_xml(Column xml, StructType schema, Map<String, String> options) {
        return call("from_xml", xml, schema.json(), constant(options));
    }

    /// The struct in an element of XML; null for null.
    ///
    /// @param schema as in SQL, such as `id bigint, name string`
    /// @param options such as `mode`, as the XML reader takes them
    public static Column from_xml(Column xml, String schema, Map<String, String> options) {
        return from_xml(xml, StructType.fromDDL(schema), options);
    }

    /// The struct in an element of XML; null for null.
    ///
    /// @param schema a constant, such as what [#schema_of_xml] gives
    public static Column from_xml(Column xml, Column schema) {
        return call("from_xml", xml, schema);
    }

    /// The struct in an element of XML; null for null.
    ///
    /// @param schema a constant, such as what [#schema_of_xml] gives
    /// @param options such as `mode`, as the XML reader takes them
    public static Column from_xml(Column xml, Column schema, Map<String, String> options) {
        return call("from_xml", xml, schema, constant(options));
    }

    /// A struct as an element of XML; null for null.
    public static Column to_xml(Column struct) {
        return call("to_xml", struct);
    }

    /// A struct as an element of XML; null for null.
    ///
    /// @param options such as `rowTag`, as the XML writer takes them
    public static Column to_xml(Column struct, Map<String, String> options) {
        return call("to_xml", struct, constant(options));
    }

    /// The type of an element of XML, as [#from_xml] takes it.
    public static Column schema_of_xml(String xml) {
        return call("schema_of_xml", xml);
    }

    /// The type of a constant element of XML, as [#from_xml] takes it.
    public static Column schema_of_xml(Column xml) {
        return call("schema_of_xml", xml);
    }

    /// The type of a constant element of XML, as [#from_xml] takes it.
    ///
    /// @param options such as `prefersDecimal`, as the XML reader takes them
    public static Column schema_of_xml(Column xml, Map<String, String> options) {
        return call("schema_of_xml", xml, constant(options));
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

    // ---- Functions of lambdas

    /// What the lambda makes of each element of an array.
    public static Column transform(Column array, Function<Column, Column> f) {
        return call("transform", array, lambda(f));
    }

    /// What the lambda makes of each element of an array and its position, from 0.
    public static Column transform(Column array, BiFunction<Column, Column, Column> f) {
        return call("transform", array, lambda(f));
    }

    /// The elements of an array for which the lambda is true.
    public static Column filter(Column array, Function<Column, Column> f) {
        return call("filter", array, lambda(f));
    }

    /// The elements of an array for which the lambda of an element and its position, from 0, is true.
    public static Column filter(Column array, BiFunction<Column, Column, Column> f) {
        return call("filter", array, lambda(f));
    }

    /// Whether the lambda is true for an element; null if not, but it is null for one.
    public static Column exists(Column array, Function<Column, Column> f) {
        return call("exists", array, lambda(f));
    }

    /// Whether the lambda is true for every element; null if it is false for none, but null for one.
    public static Column forall(Column array, Function<Column, Column> f) {
        return call("forall", array, lambda(f));
    }

    /// The elements of an array put together, from `start` on.
    ///
    /// @param merge of what there is so far, which has the type of `start`, and an element
    public static Column aggregate(Column array, Column start, BiFunction<Column, Column, Column> merge) {
        return call("aggregate", array, start, lambda(merge));
    }

    /// As [#aggregate(Column, Column, BiFunction)], and then what `finish` makes of it.
    public static Column aggregate(
            Column array, Column start, BiFunction<Column, Column, Column> merge, Function<Column, Column> finish) {
        return call("aggregate", array, start, lambda(merge), lambda(finish));
    }

    /// See [#aggregate(Column, Column, BiFunction)].
    public static Column reduce(Column array, Column start, BiFunction<Column, Column, Column> merge) {
        return call("reduce", array, start, lambda(merge));
    }

    /// See [#aggregate(Column, Column, BiFunction, Function)].
    public static Column reduce(
            Column array, Column start, BiFunction<Column, Column, Column> merge, Function<Column, Column> finish) {
        return call("reduce", array, start, lambda(merge), lambda(finish));
    }

    /// What the lambda makes of the elements of both arrays at each place; null for those of the shorter one.
    public static Column zip_with(Column left, Column right, BiFunction<Column, Column, Column> f) {
        return call("zip_with", left, right, lambda(f));
    }

    /// An array sorted by a lambda, which gives -1, 0 or 1 for two elements.
    public static Column array_sort(Column array, BiFunction<Column, Column, Column> comparator) {
        return call("array_sort", array, lambda(comparator));
    }

    /// The entries of a map for which the lambda of key and value is true.
    public static Column map_filter(Column map, BiFunction<Column, Column, Column> f) {
        return call("map_filter", map, lambda(f));
    }

    /// A map with the keys that the lambda gives for key and value.
    public static Column transform_keys(Column map, BiFunction<Column, Column, Column> f) {
        return call("transform_keys", map, lambda(f));
    }

    /// A map with the values that the lambda gives for key and value.
    public static Column transform_values(Column map, BiFunction<Column, Column, Column> f) {
        return call("transform_values", map, lambda(f));
    }

    /// What the lambda makes of each key in either map and its values in both.
    public static Column map_zip_with(Column left, Column right, Function3<Column, Column, Column, Column> f) {
        return call("map_zip_with", left, right, Lambdas.of(f));
    }

    private static Column lambda(Function<Column, Column> f) {
        return Lambdas.of(f);
    }

    private static Column lambda(BiFunction<Column, Column, Column> f) {
        return Lambdas.of(f);
    }

    /// The greatest of the columns, nulls skipped.
    public static Column greatest(String first, String... others) {
        return call("greatest", (Object[]) columns(first, others));
    }

    /// The least of the columns, nulls skipped.
    public static Column least(String first, String... others) {
        return call("least", (Object[]) columns(first, others));
    }

    public static Column grouping_id(String first, String... others) {
        return grouping_id(columns(first, others));
    }

    // ---- Further functions

    /// The elements at each place as structs; null for those of shorter arrays.
    public static Column arrays_zip(Column... more) {
        return call("arrays_zip", (Object[]) more);
    }

    /// The `n`-th of the values after it, from 1; an error if there is none.
    public static Column elt(Column... more) {
        return call("elt", (Object[]) more);
    }

    /// The values by a format of Java's `String.format`, such as `'%d %s'`.
    public static Column printf(Column a, Column... more) {
        return call("printf", (Object[]) concat(a, more));
    }

    /// The values by a format of Java's `String.format`, such as `'%d %s'`.
    public static Column format_string(String a, Column... more) {
        return call("format_string", (Object[]) concat(lit(a), more));
    }

    /// The values as so many rows.
    public static Column stack(Column... more) {
        return call("stack", (Object[]) more);
    }

    /// Names and values, in turns, as a struct.
    public static Column named_struct(Column... more) {
        return call("named_struct", (Object[]) more);
    }

    /// Null for 0; 0 for null.
    public static Column zeroifnull(Column e) {
        return call("zeroifnull", e);
    }

    /// Null for 0; 0 for null.
    public static Column nullifzero(Column e) {
        return call("nullifzero", e);
    }

    /// Whether the two are equal or both null. Never null.
    public static Column equal_null(Column a, Column b) {
        return call("equal_null", a, b);
    }

    /// As make_timestamp_ntz, but null if there is no such time.
    public static Column try_make_timestamp_ntz(Column a, Column b) {
        return call("try_make_timestamp_ntz", a, b);
    }

    /// As make_timestamp_ntz, but null if there is no such time.
    public static Column try_make_timestamp_ntz(Column a, Column b, Column c, Column d, Column e, Column f) {
        return call("try_make_timestamp_ntz", a, b, c, d, e, f);
    }

    /// The local time; an error if there is none.
    public static Column make_timestamp_ntz(Column a, Column b) {
        return call("make_timestamp_ntz", a, b);
    }

    /// The local time; an error if there is none.
    public static Column make_timestamp_ntz(Column a, Column b, Column c, Column d, Column e, Column f) {
        return call("make_timestamp_ntz", a, b, c, d, e, f);
    }

    /// As make_timestamp_ltz, but null if there is no such time.
    public static Column try_make_timestamp_ltz(Column a, Column b, Column c, Column d, Column e, Column f) {
        return call("try_make_timestamp_ltz", a, b, c, d, e, f);
    }

    /// As make_timestamp_ltz, but null if there is no such time.
    public static Column try_make_timestamp_ltz(Column a, Column b, Column c, Column d, Column e, Column f, Column g) {
        return call("try_make_timestamp_ltz", a, b, c, d, e, f, g);
    }

    /// As make_timestamp.
    public static Column make_timestamp_ltz(Column a, Column b, Column c, Column d, Column e, Column f) {
        return call("make_timestamp_ltz", a, b, c, d, e, f);
    }

    /// As make_timestamp.
    public static Column make_timestamp_ltz(Column a, Column b, Column c, Column d, Column e, Column f, Column g) {
        return call("make_timestamp_ltz", a, b, c, d, e, f, g);
    }

    /// As make_timestamp, but null if there is no such time.
    public static Column try_make_timestamp(Column a, Column b) {
        return call("try_make_timestamp", a, b);
    }

    /// As make_timestamp, but null if there is no such time.
    public static Column try_make_timestamp(Column a, Column b, Column c) {
        return call("try_make_timestamp", a, b, c);
    }

    /// As make_timestamp, but null if there is no such time.
    public static Column try_make_timestamp(Column a, Column b, Column c, Column d, Column e, Column f) {
        return call("try_make_timestamp", a, b, c, d, e, f);
    }

    /// As make_timestamp, but null if there is no such time.
    public static Column try_make_timestamp(Column a, Column b, Column c, Column d, Column e, Column f, Column g) {
        return call("try_make_timestamp", a, b, c, d, e, f, g);
    }

    /// The time in the session time zone; an error if there is none.
    public static Column make_timestamp(Column a, Column b) {
        return call("make_timestamp", a, b);
    }

    /// The time in the session time zone; an error if there is none.
    public static Column make_timestamp(Column a, Column b, Column c) {
        return call("make_timestamp", a, b, c);
    }

    /// The time in the session time zone; an error if there is none.
    public static Column make_timestamp(Column a, Column b, Column c, Column d, Column e, Column f) {
        return call("make_timestamp", a, b, c, d, e, f);
    }

    /// The time in the session time zone; an error if there is none.
    public static Column make_timestamp(Column a, Column b, Column c, Column d, Column e, Column f, Column g) {
        return call("make_timestamp", a, b, c, d, e, f, g);
    }

    /// A local time of the zone `from` (the session's) as that of the zone `to`.
    public static Column convert_timezone(Column a, Column b) {
        return call("convert_timezone", a, b);
    }

    /// A local time of the zone `from` (the session's) as that of the zone `to`.
    public static Column convert_timezone(Column a, Column b, Column c) {
        return call("convert_timezone", a, b, c);
    }

    /// The text of the first node that an XPath finds.
    public static Column xpath_string(Column a, Column b) {
        return call("xpath_string", a, b);
    }

    /// As xpath_long.
    public static Column xpath_short(Column a, Column b) {
        return call("xpath_short", a, b);
    }

    /// As xpath_double, the whole part; 0 if it is no number.
    public static Column xpath_long(Column a, Column b) {
        return call("xpath_long", a, b);
    }

    /// As xpath_long.
    public static Column xpath_int(Column a, Column b) {
        return call("xpath_int", a, b);
    }

    /// As xpath_double.
    public static Column xpath_float(Column a, Column b) {
        return call("xpath_float", a, b);
    }

    /// The number that an XPath gives; NaN if it is none.
    public static Column xpath_number(Column a, Column b) {
        return call("xpath_number", a, b);
    }

    /// The number that an XPath gives; NaN if it is none.
    public static Column xpath_double(Column a, Column b) {
        return call("xpath_double", a, b);
    }

    /// The value of an XPath, or whether it finds a node.
    public static Column xpath_boolean(Column a, Column b) {
        return call("xpath_boolean", a, b);
    }

    /// The texts of the nodes that an XPath finds.
    public static Column xpath(Column a, Column b) {
        return call("xpath", a, b);
    }

    /// The type of a constant record of CSV, as `from_csv` takes it.
    public static Column schema_of_csv(Column e) {
        return call("schema_of_csv", e);
    }

    /// The type of a constant CSV record, as `from_csv` takes it.
    public static Column schema_of_csv(Column csv, Map<String, String> options) {
        return call("schema_of_csv", csv, constant(options));
    }

    /// The map of an array of structs of two fields; null if one of them is.
    public static Column map_from_entries(Column e) {
        return call("map_from_entries", e);
    }

    /// The entries as structs of `key` and `value`.
    public static Column map_entries(Column e) {
        return call("map_entries", e);
    }

    /// The value so many times.
    public static Column array_repeat(Column a, Column b) {
        return call("array_repeat", a, b);
    }

    /// The elements in an order by chance; see rand.
    public static Column shuffle(Column a, Column b) {
        return call("shuffle", a, b);
    }

    /// The elements in an order by chance; see rand.
    public static Column shuffle(Column e) {
        return call("shuffle", e);
    }

    /// The values that are not null, in the order of the rows.
    public static Column array_agg(Column e) {
        return call("array_agg", e);
    }

    /// As size.
    public static Column array_size(Column e) {
        return call("array_size", e);
    }

    /// As size.
    public static Column cardinality(Column e) {
        return call("cardinality", e);
    }

    /// Letters and digits replaced: capitals by `upper` (X), small letters by `lower` (x), digits by `digit` (n),
    /// others by `other`; null keeps them.
    public static Column mask(Column a, Column b, Column c, Column d, Column e) {
        return call("mask", a, b, c, d, e);
    }

    /// Letters and digits replaced: capitals by `upper` (X), small letters by `lower` (x), digits by `digit` (n),
    /// others by `other`; null keeps them.
    public static Column mask(Column a, Column b, Column c, Column d) {
        return call("mask", a, b, c, d);
    }

    /// Letters and digits replaced: capitals by `upper` (X), small letters by `lower` (x), digits by `digit` (n),
    /// others by `other`; null keeps them.
    public static Column mask(Column a, Column b, Column c) {
        return call("mask", a, b, c);
    }

    /// Letters and digits replaced: capitals by `upper` (X), small letters by `lower` (x), digits by `digit` (n),
    /// others by `other`; null keeps them.
    public static Column mask(Column a, Column b) {
        return call("mask", a, b);
    }

    /// Letters and digits replaced: capitals by `upper` (X), small letters by `lower` (x), digits by `digit` (n),
    /// others by `other`; null keeps them.
    public static Column mask(Column e) {
        return call("mask", e);
    }

    /// The names in an object; null if the text is none.
    public static Column json_object_keys(Column e) {
        return call("json_object_keys", e);
    }

    /// The number of elements of an array; null if the text is none.
    public static Column json_array_length(Column e) {
        return call("json_array_length", e);
    }

    /// The type of a constant JSON text, as `from_json` takes it.
    public static Column schema_of_json(Column e) {
        return call("schema_of_json", e);
    }

    /// The type of a constant JSON text, as `from_json` takes it.
    public static Column schema_of_json(Column json, Map<String, String> options) {
        return call("schema_of_json", json, constant(options));
    }

    /// The type of a constant JSON text, as `from_json` takes it.
    public static Column schema_of_json(String a) {
        return call("schema_of_json", a);
    }

    /// The struct, array or map in a JSON text; what does not fit the schema is null.
    public static Column from_json(Column a, Column b) {
        return call("from_json", a, b);
    }

    /// The struct, array or map in a JSON text; what does not fit the schema is null.
    public static Column from_json(Column json, Column schema, Map<String, String> options) {
        return call("from_json", json, schema, constant(options));
    }

    /// A row for each struct, a column for each of its fields.
    public static Column inline_outer(Column e) {
        return call("inline_outer", e);
    }

    /// A row for each struct, a column for each of its fields.
    public static Column inline(Column e) {
        return call("inline", e);
    }

    /// With the value at a position from 1 (negative: from the end); nulls fill a gap.
    public static Column array_insert(Column a, Column b, Column c) {
        return call("array_insert", a, b, c);
    }

    /// As element_at, but null outside.
    public static Column try_element_at(Column a, Column b) {
        return call("try_element_at", a, b);
    }

    /// The elements from `start` (from 1; negative: from the end) on, at most `length`.
    public static Column slice(Column a, Column b, Column c) {
        return call("slice", a, b, c);
    }

    /// The day of the week, such as `Mon`.
    public static Column dayname(Column e) {
        return call("dayname", e);
    }

    /// The month, such as `Jan`.
    public static Column monthname(Column e) {
        return call("monthname", e);
    }

    /// The seconds since 1970 of a time, or of a text by the pattern (`yyyy-MM-dd HH:mm:ss`).
    public static Column to_unix_timestamp(Column e) {
        return call("to_unix_timestamp", e);
    }

    /// The seconds since 1970 of a time, or of a text by the pattern (`yyyy-MM-dd HH:mm:ss`).
    public static Column to_unix_timestamp(Column a, Column b) {
        return call("to_unix_timestamp", a, b);
    }

    /// The local time in a text, by default as in `2026-01-31 12:00:00`, or by a pattern.
    public static Column to_timestamp_ntz(Column e) {
        return call("to_timestamp_ntz", e);
    }

    /// The local time in a text, by default as in `2026-01-31 12:00:00`, or by a pattern.
    public static Column to_timestamp_ntz(Column a, Column b) {
        return call("to_timestamp_ntz", a, b);
    }

    /// As to_timestamp.
    public static Column to_timestamp_ltz(Column e) {
        return call("to_timestamp_ltz", e);
    }

    /// As to_timestamp.
    public static Column to_timestamp_ltz(Column a, Column b) {
        return call("to_timestamp_ltz", a, b);
    }

    /// The reverse of from_utc_timestamp.
    public static Column to_utc_timestamp(Column a, Column b) {
        return call("to_utc_timestamp", a, b);
    }

    /// The time whose local reading in UTC is that of `time` in the zone.
    public static Column from_utc_timestamp(Column a, Column b) {
        return call("from_utc_timestamp", a, b);
    }

    /// As to_date, but null if the text is none.
    public static Column try_to_date(Column a, String b) {
        return call("try_to_date", a, b);
    }

    /// As to_date, but null if the text is none.
    public static Column try_to_date(Column e) {
        return call("try_to_date", e);
    }

    /// As to_timestamp, but null if the text is none.
    public static Column try_to_timestamp(Column a, Column b) {
        return call("try_to_timestamp", a, b);
    }

    /// The first such weekday after the date, such as `'Mon'`.
    public static Column next_day(Column a, Column b) {
        return call("next_day", a, b);
    }

    /// The months from start to end, parts as of 31 days, rounded to 8 decimals unless `round` is false.
    public static Column months_between(Column a, Column b, boolean c) {
        return call("months_between", a, b, c);
    }

    /// The date so many days after 1970.
    public static Column date_from_unix_date(Column e) {
        return call("date_from_unix_date", e);
    }

    /// The number of days from start to end.
    public static Column date_diff(Column a, Column b) {
        return call("date_diff", a, b);
    }

    /// So many days later.
    public static Column dateadd(Column a, Column b) {
        return call("dateadd", a, b);
    }

    /// The local time at the start of the batch.
    public static Column localtimestamp() {
        return call("localtimestamp");
    }

    /// The date at the start of the batch, in the session time zone.
    public static Column curdate() {
        return call("curdate");
    }

    /// The text as a string literal.
    public static Column quote(Column e) {
        return call("quote", e);
    }

    /// The text in upper case.
    public static Column ucase(Column e) {
        return call("ucase", e);
    }

    /// The text in lower case.
    public static Column lcase(Column e) {
        return call("lcase", e);
    }

    /// As like, without regard to case.
    public static Column ilike(Column a, Column b) {
        return call("ilike", a, b);
    }

    /// As like, without regard to case.
    public static Column ilike(Column a, Column b, Column c) {
        return call("ilike", a, b, c);
    }

    /// Whether the text is like the pattern: `%` stands for any text, `_` for one character, `\` escapes.
    public static Column like(Column a, Column b) {
        return call("like", a, b);
    }

    /// Whether the text is like the pattern: `%` stands for any text, `_` for one character, `\` escapes.
    public static Column like(Column a, Column b, Column c) {
        return call("like", a, b, c);
    }

    /// The position of the text among those between commas, from 1; 0 if it is none of them.
    public static Column find_in_set(Column a, Column b) {
        return call("find_in_set", a, b);
    }

    /// The character of this code (modulo 256); no text for a negative one.
    public static Column chr(Column e) {
        return call("chr", e);
    }

    /// The number of characters, or of bytes of a binary.
    public static Column character_length(Column e) {
        return call("character_length", e);
    }

    /// The number of characters, or of bytes of a binary.
    public static Column char_length(Column e) {
        return call("char_length", e);
    }

    /// The decimal in a text of a format such as `'$99,990.99'`; an error, or null, if it is none.
    public static Column try_to_number(Column a, Column b) {
        return call("try_to_number", a, b);
    }

    /// As to_binary, but null if the text is none.
    public static Column try_to_binary(Column e) {
        return call("try_to_binary", e);
    }

    /// As to_binary, but null if the text is none.
    public static Column try_to_binary(Column a, Column b) {
        return call("try_to_binary", a, b);
    }

    /// As trim.
    public static Column btrim(Column a, Column b) {
        return call("btrim", a, b);
    }

    /// As trim.
    public static Column btrim(Column e) {
        return call("btrim", e);
    }

    /// The position of the first occurrence at or after `pos`, from 1; 0 if there is none.
    public static Column position(Column a, Column b) {
        return call("position", a, b);
    }

    /// The position of the first occurrence at or after `pos`, from 1; 0 if there is none.
    public static Column position(Column a, Column b, Column c) {
        return call("position", a, b, c);
    }

    /// As in the query of a URL.
    public static Column url_encode(Column e) {
        return call("url_encode", e);
    }

    /// As url_decode, but null if the text can't be decoded.
    public static Column try_url_decode(Column e) {
        return call("try_url_decode", e);
    }

    /// The reverse of url_encode.
    public static Column url_decode(Column e) {
        return call("url_decode", e);
    }

    /// The part of a URL: `HOST`, `PATH`, `QUERY`, `REF`, `PROTOCOL`, `FILE`, `AUTHORITY`, `USERINFO`; of `QUERY`,
    /// the value of a key. An error if it is no URL.
    public static Column parse_url(Column a, Column b) {
        return call("parse_url", a, b);
    }

    /// The part of a URL: `HOST`, `PATH`, `QUERY`, `REF`, `PROTOCOL`, `FILE`, `AUTHORITY`, `USERINFO`; of `QUERY`,
    /// the value of a key. An error if it is no URL.
    public static Column parse_url(Column a, Column b, Column c) {
        return call("parse_url", a, b, c);
    }

    /// As parse_url, but null if it is no URL.
    public static Column try_parse_url(Column a, Column b) {
        return call("try_parse_url", a, b);
    }

    /// As parse_url, but null if it is no URL.
    public static Column try_parse_url(Column a, Column b, Column c) {
        return call("try_parse_url", a, b, c);
    }

    /// The part from position `pos` (from 1; negative: from the end), of at most `len` characters.
    public static Column substr(Column a, Column b) {
        return call("substr", a, b);
    }

    /// The part from position `pos` (from 1; negative: from the end), of at most `len` characters.
    public static Column substr(Column a, Column b, Column c) {
        return call("substr", a, b, c);
    }

    /// All occurrences of `search` replaced (by nothing).
    public static Column replace(Column a, Column b) {
        return call("replace", a, b);
    }

    /// The decimal in a text of a format such as `'$99,990.99'`; an error, or null, if it is none.
    public static Column to_number(Column a, Column b) {
        return call("to_number", a, b);
    }

    /// A number by a format such as `'$99,990.99'`, a date or time by a pattern, a binary as `hex`, `utf-8` or
    /// `base64`.
    public static Column to_varchar(Column a, Column b) {
        return call("to_varchar", a, b);
    }

    /// A number by a format such as `'$99,990.99'`, a date or time by a pattern, a binary as `hex`, `utf-8` or
    /// `base64`.
    public static Column to_char(Column a, Column b) {
        return call("to_char", a, b);
    }

    /// The bytes of a text in `format`: `hex` (the default), `utf-8` or `base64`.
    public static Column to_binary(Column e) {
        return call("to_binary", e);
    }

    /// The bytes of a text in `format`: `hex` (the default), `utf-8` or `base64`.
    public static Column to_binary(Column a, Column b) {
        return call("to_binary", a, b);
    }

    /// Without blanks, or the characters of `chars`, at both ends.
    public static Column trim(Column a, Column b) {
        return call("trim", b, a);
    }

    /// The sentences, each as an array of its words.
    public static Column sentences(Column e) {
        return call("sentences", e);
    }

    /// The sentences, each as an array of its words.
    public static Column sentences(Column a, Column b) {
        return call("sentences", a, b);
    }

    /// The sentences, each as an array of its words.
    public static Column sentences(Column a, Column b, Column c) {
        return call("sentences", a, b, c);
    }

    /// The characters from `pos` on replaced, as many as the replacement has or `len`.
    public static Column overlay(Column a, Column b, Column c) {
        return call("overlay", a, b, c);
    }

    /// The characters from `pos` on replaced, as many as the replacement has or `len`.
    public static Column overlay(Column a, Column b, Column c, Column d) {
        return call("overlay", a, b, c, d);
    }

    /// The parts between matches of the regular expression, at most `limit` if positive.
    public static Column split(Column a, Column b, Column c) {
        return call("split", a, b, c);
    }

    /// The parts between matches of the regular expression, at most `limit` if positive.
    public static Column split(Column a, Column b) {
        return call("split", a, b);
    }

    /// A letter and three digits, alike for English words that sound alike.
    public static Column soundex(Column e) {
        return call("soundex", e);
    }

    /// Without blanks, or the characters of `chars`, at the end.
    public static Column rtrim(Column a, Column b) {
        return call("rtrim", b, a);
    }

    /// The text `n` times.
    public static Column repeat(Column a, Column b) {
        return call("repeat", a, b);
    }

    /// Cut, or filled up on the right with `pad` (blanks), to `len` characters.
    public static Column rpad(Column a, Column b, Column c) {
        return call("rpad", a, b, c);
    }

    /// The position of the first match, from 1; 0 if there is none.
    public static Column regexp_instr(Column a, Column b, Column c) {
        return call("regexp_instr", a, b, c);
    }

    /// The position of the first match, from 1; 0 if there is none.
    public static Column regexp_instr(Column a, Column b) {
        return call("regexp_instr", a, b);
    }

    /// The first match; null if there is none.
    public static Column regexp_substr(Column a, Column b) {
        return call("regexp_substr", a, b);
    }

    /// The group `idx` (1) of every match.
    public static Column regexp_extract_all(Column a, Column b) {
        return call("regexp_extract_all", a, b);
    }

    /// Whether the regular expression matches a part of the text.
    public static Column regexp(Column a, Column b) {
        return call("regexp", a, b);
    }

    /// Whether the regular expression matches a part of the text.
    public static Column rlike(Column a, Column b) {
        return call("rlike", a, b);
    }

    /// The collation, which is always that of bytes.
    public static Column collation(Column e) {
        return call("collation", e);
    }

    /// The number of bytes.
    public static Column octet_length(Column e) {
        return call("octet_length", e);
    }

    /// Without blanks, or the characters of `chars`, at the start.
    public static Column ltrim(Column a, Column b) {
        return call("ltrim", b, a);
    }

    /// Cut, or filled up on the left with `pad` (blanks), to `len` characters.
    public static Column lpad(Column a, Column b, Column c) {
        return call("lpad", a, b, c);
    }

    /// The number of characters to insert, remove or replace to make one text the other.
    public static Column levenshtein(Column a, Column b, int c) {
        return call("levenshtein", a, b, c);
    }

    /// The number of characters, or of bytes of a binary.
    public static Column len(Column e) {
        return call("len", e);
    }

    /// The position of the first occurrence, from 1; 0 if there is none.
    public static Column instr(Column a, Column b) {
        return call("instr", a, b);
    }

    /// The text; null if its bytes are no UTF-8.
    public static Column try_validate_utf8(Column e) {
        return call("try_validate_utf8", e);
    }

    /// The text; an error if its bytes are no UTF-8.
    public static Column validate_utf8(Column e) {
        return call("validate_utf8", e);
    }

    /// With the replacement character where the bytes are no UTF-8.
    public static Column make_valid_utf8(Column e) {
        return call("make_valid_utf8", e);
    }

    /// Whether the bytes are UTF-8.
    public static Column is_valid_utf8(Column e) {
        return call("is_valid_utf8", e);
    }

    /// The number of bits.
    public static Column bit_length(Column e) {
        return call("bit_length", e);
    }

    /// The bits that are set in all bitmaps.
    public static Column bitmap_and_agg(Column e) {
        return call("bitmap_and_agg", e);
    }

    /// The bits that are set in a bitmap.
    public static Column bitmap_or_agg(Column e) {
        return call("bitmap_or_agg", e);
    }

    /// The number of bits that are set.
    public static Column bitmap_count(Column e) {
        return call("bitmap_count", e);
    }

    /// A bitmap of these positions; see bitmap_bit_position.
    public static Column bitmap_construct_agg(Column e) {
        return call("bitmap_construct_agg", e);
    }

    /// The number of the bitmap that a number belongs to.
    public static Column bitmap_bucket_number(Column e) {
        return call("bitmap_bucket_number", e);
    }

    /// The position of a number in its bitmap of 32768 bits.
    public static Column bitmap_bit_position(Column e) {
        return call("bitmap_bit_position", e);
    }

    /// A number in [0, 1), the same at each run of a batch; `seed` chooses the sequence.
    public static Column random() {
        return call("random");
    }

    /// A number in [0, 1), the same at each run of a batch; `seed` chooses the sequence.
    public static Column random(Column e) {
        return call("random", e);
    }

    /// A number from `min` on, less than `max`; see rand.
    public static Column uniform(Column a, Column b, Column c) {
        return call("uniform", a, b, c);
    }

    /// A number from `min` on, less than `max`; see rand.
    public static Column uniform(Column a, Column b) {
        return call("uniform", a, b);
    }

    /// SHA-1, in hexadecimal.
    public static Column sha(Column e) {
        return call("sha", e);
    }

    /// As aes_decrypt, but null if it can't be decrypted.
    public static Column try_aes_decrypt(Column a, Column b) {
        return call("try_aes_decrypt", a, b);
    }

    /// As aes_decrypt, but null if it can't be decrypted.
    public static Column try_aes_decrypt(Column a, Column b, Column c) {
        return call("try_aes_decrypt", a, b, c);
    }

    /// As aes_decrypt, but null if it can't be decrypted.
    public static Column try_aes_decrypt(Column a, Column b, Column c, Column d) {
        return call("try_aes_decrypt", a, b, c, d);
    }

    /// As aes_decrypt, but null if it can't be decrypted.
    public static Column try_aes_decrypt(Column a, Column b, Column c, Column d, Column e) {
        return call("try_aes_decrypt", a, b, c, d, e);
    }

    /// The reverse of aes_encrypt; an error if the key is wrong.
    public static Column aes_decrypt(Column a, Column b) {
        return call("aes_decrypt", a, b);
    }

    /// The reverse of aes_encrypt; an error if the key is wrong.
    public static Column aes_decrypt(Column a, Column b, Column c) {
        return call("aes_decrypt", a, b, c);
    }

    /// The reverse of aes_encrypt; an error if the key is wrong.
    public static Column aes_decrypt(Column a, Column b, Column c, Column d) {
        return call("aes_decrypt", a, b, c, d);
    }

    /// The reverse of aes_encrypt; an error if the key is wrong.
    public static Column aes_decrypt(Column a, Column b, Column c, Column d, Column e) {
        return call("aes_decrypt", a, b, c, d, e);
    }

    /// Encrypted by AES in the mode `GCM` (the default), `CBC` or `ECB`; a random initial vector comes first.
    public static Column aes_encrypt(Column a, Column b) {
        return call("aes_encrypt", a, b);
    }

    /// Encrypted by AES in the mode `GCM` (the default), `CBC` or `ECB`; a random initial vector comes first.
    public static Column aes_encrypt(Column a, Column b, Column c) {
        return call("aes_encrypt", a, b, c);
    }

    /// Encrypted by AES in the mode `GCM` (the default), `CBC` or `ECB`; a random initial vector comes first.
    public static Column aes_encrypt(Column a, Column b, Column c, Column d) {
        return call("aes_encrypt", a, b, c, d);
    }

    /// Encrypted by AES in the mode `GCM` (the default), `CBC` or `ECB`; a random initial vector comes first.
    public static Column aes_encrypt(Column a, Column b, Column c, Column d, Column e) {
        return call("aes_encrypt", a, b, c, d, e);
    }

    /// Encrypted by AES in the mode `GCM` (the default), `CBC` or `ECB`; a random initial vector comes first.
    public static Column aes_encrypt(Column a, Column b, Column c, Column d, Column e, Column f) {
        return call("aes_encrypt", a, b, c, d, e, f);
    }

    /// A UUID by chance; see rand.
    public static Column uuid(Column e) {
        return call("uuid", e);
    }

    /// A UUID by chance; see rand.
    public static Column uuid() {
        return call("uuid");
    }

    /// The name of the operating system's user.
    public static Column session_user() {
        return call("session_user");
    }

    /// The name of the operating system's user.
    public static Column user() {
        return call("user");
    }

    /// Fails with `USER_RAISED_EXCEPTION`.
    public static Column raise_error(Column e) {
        return call("raise_error", e);
    }

    /// Null if the condition is true, else fails with `USER_RAISED_EXCEPTION`.
    public static Column assert_true(Column a, Column b) {
        return call("assert_true", a, b);
    }

    /// Null if the condition is true, else fails with `USER_RAISED_EXCEPTION`.
    public static Column assert_true(Column e) {
        return call("assert_true", e);
    }

    /// The name of the operating system's user.
    public static Column current_user() {
        return call("current_user");
    }

    /// The database of names that say none.
    public static Column current_schema() {
        return call("current_schema");
    }

    /// The database of names that say none.
    public static Column current_database() {
        return call("current_database");
    }

    /// Always `spark_catalog`: there is no metastore.
    public static Column current_catalog() {
        return call("current_catalog");
    }

    /// The number of the equal bucket from `min` to `max`: 0 before the first, one more behind the last.
    public static Column width_bucket(Column a, Column b, Column c, Column d) {
        return call("width_bucket", a, b, c, d);
    }

    /// From degrees.
    public static Column radians(String a) {
        return call("radians", col(a));
    }

    /// From degrees.
    public static Column toRadians(String a) {
        return call("radians", col(a));
    }

    /// From degrees.
    public static Column toRadians(Column e) {
        return call("radians", e);
    }

    /// From radians.
    public static Column degrees(String a) {
        return call("degrees", col(a));
    }

    /// From radians.
    public static Column toDegrees(String a) {
        return call("degrees", col(a));
    }

    /// From radians.
    public static Column toDegrees(Column e) {
        return call("degrees", e);
    }

    /// The hyperbolic tangent.
    public static Column tanh(String a) {
        return call("tanh", col(a));
    }

    /// The tangent.
    public static Column tan(String a) {
        return call("tan", col(a));
    }

    /// The hyperbolic sine.
    public static Column sinh(String a) {
        return call("sinh", col(a));
    }

    /// The sine of an angle in radians.
    public static Column sin(String a) {
        return call("sin", col(a));
    }

    /// -1, 0 or 1.
    public static Column signum(String a) {
        return call("signum", col(a));
    }

    /// -1, 0 or 1.
    public static Column sign(Column e) {
        return call("sign", e);
    }

    /// The bits moved to the right, zeros following.
    public static Column shiftrightunsigned(Column a, int b) {
        return call("shiftrightunsigned", a, b);
    }

    /// The bits moved to the right, zeros following.
    public static Column shiftRightUnsigned(Column a, int b) {
        return call("shiftrightunsigned", a, b);
    }

    /// The bits moved to the right, keeping the sign.
    public static Column shiftRight(Column a, int b) {
        return call("shiftright", a, b);
    }

    /// The bits moved to the left.
    public static Column shiftLeft(Column a, int b) {
        return call("shiftleft", a, b);
    }

    /// The secant.
    public static Column sec(Column e) {
        return call("sec", e);
    }

    /// Rounded to `scale` (0) decimals, a half to the even neighbour.
    public static Column bround(Column a, Column b) {
        return call("bround", a, b);
    }

    /// Rounded to `scale` (0) decimals, a half away from zero.
    public static Column round(Column a, Column b) {
        return call("round", a, b);
    }

    /// The nearest whole number, a half to the even one.
    public static Column rint(String a) {
        return call("rint", col(a));
    }

    /// The power.
    public static Column pow(double a, String b) {
        return call("pow", a, col(b));
    }

    /// The power.
    public static Column pow(double a, Column b) {
        return call("pow", a, b);
    }

    /// The power.
    public static Column pow(String a, double b) {
        return call("pow", col(a), b);
    }

    /// The power.
    public static Column pow(String a, String b) {
        return call("pow", col(a), col(b));
    }

    /// The power.
    public static Column pow(String a, Column b) {
        return call("pow", col(a), b);
    }

    /// The power.
    public static Column pow(Column a, String b) {
        return call("pow", a, col(b));
    }

    /// The number with its sign turned; the number itself.
    public static Column positive(Column e) {
        return call("positive", e);
    }

    /// π.
    public static Column pi() {
        return call("pi");
    }

    /// The number with its sign turned; the number itself.
    public static Column negative(Column e) {
        return call("negative", e);
    }

    /// The logarithm to base 2; null for 0 and less.
    public static Column log2(String a) {
        return call("log2", col(a));
    }

    /// The natural logarithm of 1 more; null for -1 and less.
    public static Column log1p(String a) {
        return call("log1p", col(a));
    }

    /// The logarithm to base 10; null for 0 and less.
    public static Column log10(String a) {
        return call("log10", col(a));
    }

    /// The logarithm to base e, or `base`; null for 0 and less.
    public static Column log(double a, String b) {
        return call("log", a, col(b));
    }

    /// The logarithm to base e, or `base`; null for 0 and less.
    public static Column log(String a) {
        return call("log", col(a));
    }

    /// The square root of a² + b².
    public static Column hypot(double a, String b) {
        return call("hypot", a, col(b));
    }

    /// The square root of a² + b².
    public static Column hypot(double a, Column b) {
        return call("hypot", a, b);
    }

    /// The square root of a² + b².
    public static Column hypot(String a, double b) {
        return call("hypot", col(a), b);
    }

    /// The square root of a² + b².
    public static Column hypot(Column a, double b) {
        return call("hypot", a, b);
    }

    /// The square root of a² + b².
    public static Column hypot(String a, String b) {
        return call("hypot", col(a), col(b));
    }

    /// The square root of a² + b².
    public static Column hypot(String a, Column b) {
        return call("hypot", col(a), b);
    }

    /// The square root of a² + b².
    public static Column hypot(Column a, String b) {
        return call("hypot", a, col(b));
    }

    /// The greatest whole number that is not greater.
    public static Column floor(String a) {
        return call("floor", col(a));
    }

    /// The greatest whole number that is not greater.
    public static Column floor(Column a, Column b) {
        return call("floor", a, b);
    }

    /// e to the power, less 1.
    public static Column expm1(String a) {
        return call("expm1", col(a));
    }

    /// e to the power.
    public static Column exp(String a) {
        return call("exp", col(a));
    }

    /// Euler's number.
    public static Column e() {
        return call("e");
    }

    /// The cosecant.
    public static Column csc(Column e) {
        return call("csc", e);
    }

    /// The cotangent.
    public static Column cot(Column e) {
        return call("cot", e);
    }

    /// The hyperbolic cosine.
    public static Column cosh(String a) {
        return call("cosh", col(a));
    }

    /// The cosine.
    public static Column cos(String a) {
        return call("cos", col(a));
    }

    /// The number in base `from`, written in base `to`; signed if `to` is negative.
    public static Column conv(Column a, int b, int c) {
        return call("conv", a, b, c);
    }

    /// The least whole number that is not less.
    public static Column ceiling(Column e) {
        return call("ceiling", e);
    }

    /// The least whole number that is not less.
    public static Column ceiling(Column a, Column b) {
        return call("ceiling", a, b);
    }

    /// The least whole number that is not less.
    public static Column ceil(String a) {
        return call("ceil", col(a));
    }

    /// The least whole number that is not less.
    public static Column ceil(Column a, Column b) {
        return call("ceil", a, b);
    }

    /// The cube root.
    public static Column cbrt(String a) {
        return call("cbrt", col(a));
    }

    /// In binary.
    public static Column bin(String a) {
        return call("bin", col(a));
    }

    /// The inverse hyperbolic tangent.
    public static Column atanh(String a) {
        return call("atanh", col(a));
    }

    /// The inverse hyperbolic tangent.
    public static Column atanh(Column e) {
        return call("atanh", e);
    }

    /// The angle of the point (x, y).
    public static Column atan2(double a, String b) {
        return call("atan2", a, col(b));
    }

    /// The angle of the point (x, y).
    public static Column atan2(double a, Column b) {
        return call("atan2", a, b);
    }

    /// The angle of the point (x, y).
    public static Column atan2(String a, double b) {
        return call("atan2", col(a), b);
    }

    /// The angle of the point (x, y).
    public static Column atan2(Column a, double b) {
        return call("atan2", a, b);
    }

    /// The angle of the point (x, y).
    public static Column atan2(String a, String b) {
        return call("atan2", col(a), col(b));
    }

    /// The angle of the point (x, y).
    public static Column atan2(String a, Column b) {
        return call("atan2", col(a), b);
    }

    /// The angle of the point (x, y).
    public static Column atan2(Column a, String b) {
        return call("atan2", a, col(b));
    }

    /// The angle of a tangent.
    public static Column atan(String a) {
        return call("atan", col(a));
    }

    /// The inverse hyperbolic sine.
    public static Column asinh(String a) {
        return call("asinh", col(a));
    }

    /// The inverse hyperbolic sine.
    public static Column asinh(Column e) {
        return call("asinh", e);
    }

    /// The angle of a sine; NaN outside -1 to 1.
    public static Column asin(String a) {
        return call("asin", col(a));
    }

    /// The inverse hyperbolic cosine.
    public static Column acosh(String a) {
        return call("acosh", col(a));
    }

    /// The inverse hyperbolic cosine.
    public static Column acosh(Column e) {
        return call("acosh", e);
    }

    /// The angle of a cosine; NaN outside -1 to 1.
    public static Column acos(String a) {
        return call("acos", col(a));
    }

    /// The bit at a position, from 0 on the right.
    public static Column getbit(Column a, Column b) {
        return call("getbit", a, b);
    }

    /// The bit at a position, from 0 on the right.
    public static Column bit_get(Column a, Column b) {
        return call("bit_get", a, b);
    }

    /// The number of bits that are set.
    public static Column bit_count(Column e) {
        return call("bit_count", e);
    }

    /// The bits of an integer turned.
    public static Column bitwiseNOT(Column e) {
        return call("~", e);
    }

    /// The sum, or null if it overflows.
    public static Column try_sum(Column e) {
        return call("try_sum", e);
    }

    /// The remainder, or null for a division by zero.
    public static Column try_mod(Column a, Column b) {
        return call("try_mod", a, b);
    }

    /// As avg.
    public static Column try_avg(Column e) {
        return call("try_avg", e);
    }

    /// The square root; NaN for a negative number.
    public static Column sqrt(String a) {
        return call("sqrt", col(a));
    }

    /// So many digits and letters by chance; see rand.
    public static Column randstr(Column a, Column b) {
        return call("randstr", a, b);
    }

    /// So many digits and letters by chance; see rand.
    public static Column randstr(Column e) {
        return call("randstr", e);
    }

    /// A number of the standard normal distribution; see rand.
    public static Column randn() {
        return call("randn");
    }

    /// A number of the standard normal distribution; see rand.
    public static Column randn(long a) {
        return call("randn", a);
    }

    /// A number that differs in all rows of a query's batch.
    public static Column monotonicallyIncreasingId() {
        return call("monotonically_increasing_id");
    }

    /// The map in a text; the regular expressions `pairs` (`,`) stands between entries, `values` (`:`) between key
    /// and value.
    public static Column str_to_map(Column e) {
        return call("str_to_map", e);
    }

    /// The map in a text; the regular expressions `pairs` (`,`) stands between entries, `values` (`:`) between key
    /// and value.
    public static Column str_to_map(Column a, Column b) {
        return call("str_to_map", a, b);
    }

    /// The map in a text; the regular expressions `pairs` (`,`) stands between entries, `values` (`:`) between key
    /// and value.
    public static Column str_to_map(Column a, Column b, Column c) {
        return call("str_to_map", a, b, c);
    }

    /// The bits that are set in an odd number of values.
    public static Column bit_xor(Column e) {
        return call("bit_xor", e);
    }

    /// The bits that are set in a value.
    public static Column bit_or(Column e) {
        return call("bit_or", e);
    }

    /// The bits that are set in all values.
    public static Column bit_and(Column e) {
        return call("bit_and", e);
    }

    /// Whether the condition is true in a row.
    public static Column any(Column e) {
        return call("any", e);
    }

    /// Whether the condition is true in a row.
    public static Column some(Column e) {
        return call("some", e);
    }

    /// Whether the condition is true in all rows in which it is not null.
    public static Column every(Column e) {
        return call("every", e);
    }

    /// So many values, and how many are near each.
    public static Column histogram_numeric(Column a, Column b) {
        return call("histogram_numeric", a, b);
    }

    /// The value of the first row, or of the first in which it is not null.
    public static Column any_value(Column a, Column b) {
        return call("any_value", a, b);
    }

    /// The sum of the squared distances of `y` from its mean.
    public static Column regr_syy(Column a, Column b) {
        return call("regr_syy", a, b);
    }

    /// The sum of the products of the distances of both from their means.
    public static Column regr_sxy(Column a, Column b) {
        return call("regr_sxy", a, b);
    }

    /// The sum of the squared distances of `x` from its mean.
    public static Column regr_sxx(Column a, Column b) {
        return call("regr_sxx", a, b);
    }

    /// The regression line's slope.
    public static Column regr_slope(Column a, Column b) {
        return call("regr_slope", a, b);
    }

    /// The square of the correlation.
    public static Column regr_r2(Column a, Column b) {
        return call("regr_r2", a, b);
    }

    /// The regression line's value at 0.
    public static Column regr_intercept(Column a, Column b) {
        return call("regr_intercept", a, b);
    }

    /// The number of rows in which neither is null.
    public static Column regr_count(Column a, Column b) {
        return call("regr_count", a, b);
    }

    /// The mean of `y`.
    public static Column regr_avgy(Column a, Column b) {
        return call("regr_avgy", a, b);
    }

    /// The mean of `x`, over the rows in which neither is null.
    public static Column regr_avgx(Column a, Column b) {
        return call("regr_avgx", a, b);
    }

    /// The variance of a population.
    public static Column var_pop(String a) {
        return call("var_pop", col(a));
    }

    /// The variance of a sample.
    public static Column var_samp(String a) {
        return call("var_samp", col(a));
    }

    /// The texts joined, in the order of the rows or WITHIN GROUP (ORDER BY …).
    public static Column string_agg_distinct(Column a, Column b) {
        return distinct("listagg", a, b);
    }

    /// The texts joined, in the order of the rows or WITHIN GROUP (ORDER BY …).
    public static Column string_agg_distinct(Column e) {
        return distinct("listagg", e);
    }

    /// The texts joined, in the order of the rows or WITHIN GROUP (ORDER BY …).
    public static Column string_agg(Column a, Column b) {
        return call("string_agg", a, b);
    }

    /// The texts joined, in the order of the rows or WITHIN GROUP (ORDER BY …).
    public static Column string_agg(Column e) {
        return call("string_agg", e);
    }

    /// The texts joined, in the order of the rows or WITHIN GROUP (ORDER BY …).
    public static Column listagg_distinct(Column a, Column b) {
        return distinct("listagg", a, b);
    }

    /// The texts joined, in the order of the rows or WITHIN GROUP (ORDER BY …).
    public static Column listagg_distinct(Column e) {
        return distinct("listagg", e);
    }

    /// The texts joined, in the order of the rows or WITHIN GROUP (ORDER BY …).
    public static Column listagg(Column a, Column b) {
        return call("listagg", a, b);
    }

    /// The texts joined, in the order of the rows or WITHIN GROUP (ORDER BY …).
    public static Column listagg(Column e) {
        return call("listagg", e);
    }

    /// The sum: a bigint, double or wider decimal. Overflow is an error.
    public static Column sumDistinct(String a) {
        return distinct("sum", col(a));
    }

    /// The sum: a bigint, double or wider decimal. Overflow is an error.
    public static Column sumDistinct(Column e) {
        return distinct("sum", e);
    }

    /// The standard deviation of a population.
    public static Column stddev_pop(String a) {
        return call("stddev_pop", col(a));
    }

    /// The standard deviation of a sample.
    public static Column stddev_samp(String a) {
        return call("stddev_samp", col(a));
    }

    /// The standard deviation of a sample.
    public static Column std(Column e) {
        return call("std", e);
    }

    /// The skewness.
    public static Column skewness(String a) {
        return call("skewness", col(a));
    }

    /// The skewness.
    public static Column skewness(Column e) {
        return call("skewness", e);
    }

    /// The least value up to which this part of all lies; an array of them for an array of fractions. It is exact;
    /// `accuracy` is not looked at.
    public static Column approx_percentile(Column a, Column b, Column c) {
        return call("approx_percentile", a, b, c);
    }

    /// The least value up to which this part of all lies; an array of them for an array of fractions. It is exact;
    /// `accuracy` is not looked at.
    public static Column percentile_approx(Column a, Column b, Column c) {
        return call("percentile_approx", a, b, c);
    }

    /// The value below which this part of all lies, between two values a part of the way; an array of them for an
    /// array of fractions.
    public static Column percentile(Column a, Column b, Column c) {
        return call("percentile", a, b, c);
    }

    /// The value below which this part of all lies, between two values a part of the way; an array of them for an
    /// array of fractions.
    public static Column percentile(Column a, Column b) {
        return call("percentile", a, b);
    }

    /// The median.
    public static Column median(Column e) {
        return call("median", e);
    }

    /// The most frequent value; the least of those.
    public static Column mode(Column a, boolean b) {
        return call("mode", a, b);
    }

    /// The most frequent value; the least of those.
    public static Column mode(Column e) {
        return call("mode", e);
    }

    /// The value of the last row, or of the last in which it is not null.
    public static Column last_value(Column a, Column b) {
        return call("last_value", a, b);
    }

    /// The value of the last row, or of the last in which it is not null.
    public static Column last_value(Column e) {
        return call("last_value", e);
    }

    /// The value of the last row, or of the last in which it is not null.
    public static Column last(String a, boolean b) {
        return call("last", col(a), b);
    }

    /// The product, a double.
    public static Column product(Column e) {
        return call("product", e);
    }

    /// The excess kurtosis.
    public static Column kurtosis(String a) {
        return call("kurtosis", col(a));
    }

    /// The excess kurtosis.
    public static Column kurtosis(Column e) {
        return call("kurtosis", e);
    }

    /// The value of the first row, or of the first in which it is not null.
    public static Column first_value(Column a, Column b) {
        return call("first_value", a, b);
    }

    /// The value of the first row, or of the first in which it is not null.
    public static Column first_value(Column e) {
        return call("first_value", e);
    }

    /// The value of the first row, or of the first in which it is not null.
    public static Column first(String a, boolean b) {
        return call("first", col(a), b);
    }

    /// The covariance of a sample.
    public static Column covar_samp(String a, String b) {
        return call("covar_samp", col(a), col(b));
    }

    /// The covariance of a sample.
    public static Column covar_samp(Column a, Column b) {
        return call("covar_samp", a, b);
    }

    /// The covariance of a population.
    public static Column covar_pop(String a, String b) {
        return call("covar_pop", col(a), col(b));
    }

    /// The covariance of a population.
    public static Column covar_pop(Column a, Column b) {
        return call("covar_pop", a, b);
    }

    /// Pearson's correlation.
    public static Column corr(String a, String b) {
        return call("corr", col(a), col(b));
    }

    /// Pearson's correlation.
    public static Column corr(Column a, Column b) {
        return call("corr", a, b);
    }

    /// About how many distinct values there are, with a relative standard deviation of `rsd` (0.05).
    public static Column approx_count_distinct(String a, double b) {
        return call("approx_count_distinct", col(a), b);
    }

    /// About how many distinct values there are, with a relative standard deviation of `rsd` (0.05).
    public static Column approxCountDistinct(String a, double b) {
        return call("approx_count_distinct", col(a), b);
    }

    /// About how many distinct values there are, with a relative standard deviation of `rsd` (0.05).
    public static Column approxCountDistinct(Column a, double b) {
        return call("approx_count_distinct", a, b);
    }

    /// About how many distinct values there are, with a relative standard deviation of `rsd` (0.05).
    public static Column approxCountDistinct(String a) {
        return call("approx_count_distinct", col(a));
    }

    /// About how many distinct values there are, with a relative standard deviation of `rsd` (0.05).
    public static Column approxCountDistinct(Column e) {
        return call("approx_count_distinct", e);
    }

    /// A function of the program, by the name it is registered under.
    public static Column call_udf(String name, Column... arguments) {
        return call(name, (Object[]) arguments);
    }

    /// See [#call_udf].
    public static Column callUDF(String name, Column... arguments) {
        return call_udf(name, arguments);
    }

    /// Said for Spark: the smaller side of a join is found by itself.
    public static DataFrame broadcast(DataFrame frame) {
        return frame;
    }

    /// An aggregate function of the program for queries: in `agg(…)`, over windows, and in SQL when it is registered.
    ///
    /// @param inputEncoder of what it takes in: a single value, or an object whose fields are the arguments
    public static <IN, BUF, OUT> UserDefinedFunction udaf(
            Aggregator<IN, BUF, OUT> aggregator, Encoder<IN> inputEncoder) {
        return DeclaredAggregate.of(aggregator, inputEncoder);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF0<?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF1<?, ?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF2<?, ?, ?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF3<?, ?, ?, ?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF4<?, ?, ?, ?, ?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF5<?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF6<?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF7<?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF8<?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF9<?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// A function of the program for queries.
    ///
    /// @param returnType of what it gives
    public static UserDefinedFunction udf(UDF10<?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?> f, DataType returnType) {
        return DeclaredFunction.of(f, returnType);
    }

    /// Ascending, nulls first.
    public static Column asc_nulls_first(String columnName) {
        return col(columnName).asc_nulls_first();
    }

    /// Descending, nulls last.
    public static Column desc_nulls_last(String columnName) {
        return col(columnName).desc_nulls_last();
    }

    /// About which part of all values is at most this, or an array of them.
    public static Column kll_sketch_get_rank_double(Column sketch, Column value) {
        return call("kll_sketch_get_rank_double", sketch, value);
    }

    /// About which part of all values is at most this, or an array of them.
    public static Column kll_sketch_get_rank_float(Column sketch, Column value) {
        return call("kll_sketch_get_rank_float", sketch, value);
    }

    /// About which part of all values is at most this, or an array of them.
    public static Column kll_sketch_get_rank_bigint(Column sketch, Column value) {
        return call("kll_sketch_get_rank_bigint", sketch, value);
    }

    /// The value up to which about this part of all lies, or an array of them.
    public static Column kll_sketch_get_quantile_double(Column sketch, Column rank) {
        return call("kll_sketch_get_quantile_double", sketch, rank);
    }

    /// The value up to which about this part of all lies, or an array of them.
    public static Column kll_sketch_get_quantile_float(Column sketch, Column rank) {
        return call("kll_sketch_get_quantile_float", sketch, rank);
    }

    /// The value up to which about this part of all lies, or an array of them.
    public static Column kll_sketch_get_quantile_bigint(Column sketch, Column rank) {
        return call("kll_sketch_get_quantile_bigint", sketch, rank);
    }

    /// The KLL sketch of the values of both.
    public static Column kll_sketch_merge_double(Column first, Column second) {
        return call("kll_sketch_merge_double", first, second);
    }

    /// The KLL sketch of the values of both.
    public static Column kll_sketch_merge_float(Column first, Column second) {
        return call("kll_sketch_merge_float", first, second);
    }

    /// The KLL sketch of the values of both.
    public static Column kll_sketch_merge_bigint(Column first, Column second) {
        return call("kll_sketch_merge_bigint", first, second);
    }

    /// How many values went into a KLL sketch.
    public static Column kll_sketch_get_n_double(Column sketch) {
        return call("kll_sketch_get_n_double", sketch);
    }

    /// How many values went into a KLL sketch.
    public static Column kll_sketch_get_n_float(Column sketch) {
        return call("kll_sketch_get_n_float", sketch);
    }

    /// How many values went into a KLL sketch.
    public static Column kll_sketch_get_n_bigint(Column sketch) {
        return call("kll_sketch_get_n_bigint", sketch);
    }

    /// What there is to say of a KLL sketch, for people.
    public static Column kll_sketch_to_string_double(Column sketch) {
        return call("kll_sketch_to_string_double", sketch);
    }

    /// What there is to say of a KLL sketch, for people.
    public static Column kll_sketch_to_string_float(Column sketch) {
        return call("kll_sketch_to_string_float", sketch);
    }

    /// What there is to say of a KLL sketch, for people.
    public static Column kll_sketch_to_string_bigint(Column sketch) {
        return call("kll_sketch_to_string_bigint", sketch);
    }

    /// The theta sketch of the values of both.
    public static Column theta_union(Column first, Column second, Column lgNomEntries) {
        return call("theta_union", first, second, lgNomEntries);
    }

    /// The theta sketch of the values of both, of columns by their names.
    public static Column theta_union(String first, String second, int lgNomEntries) {
        return call("theta_union", col(first), col(second), lgNomEntries);
    }

    /// The theta sketch of the values of both.
    public static Column theta_union(Column first, Column second, int lgNomEntries) {
        return call("theta_union", first, second, lgNomEntries);
    }

    /// The theta sketch of the values of both, of columns by their names.
    public static Column theta_union(String first, String second) {
        return call("theta_union", col(first), col(second));
    }

    /// The theta sketch of the values of both.
    public static Column theta_union(Column first, Column second) {
        return call("theta_union", first, second);
    }

    /// About how many distinct values are in a theta sketch, of the column of this name.
    public static Column theta_sketch_estimate(String columnName) {
        return call("theta_sketch_estimate", col(columnName));
    }

    /// About how many distinct values are in a theta sketch.
    public static Column theta_sketch_estimate(Column sketch) {
        return call("theta_sketch_estimate", sketch);
    }

    /// The theta sketch of the values that were in both, of columns by their names.
    public static Column theta_intersection(String first, String second) {
        return call("theta_intersection", col(first), col(second));
    }

    /// The theta sketch of the values that were in both.
    public static Column theta_intersection(Column first, Column second) {
        return call("theta_intersection", first, second);
    }

    /// The theta sketch of the values that were in the first and not in the second, of columns by their names.
    public static Column theta_difference(String first, String second) {
        return call("theta_difference", col(first), col(second));
    }

    /// The theta sketch of the values that were in the first and not in the second.
    public static Column theta_difference(Column first, Column second) {
        return call("theta_difference", first, second);
    }

    /// The HLL sketch of the values of both, which are of one size unless `allowDifferentLgConfigK`, of columns by
    /// their names.
    public static Column hll_union(String first, String second, boolean allowDifferentLgConfigK) {
        return call("hll_union", col(first), col(second), allowDifferentLgConfigK);
    }

    /// The HLL sketch of the values of both, which are of one size unless `allowDifferentLgConfigK`.
    public static Column hll_union(Column first, Column second, boolean allowDifferentLgConfigK) {
        return call("hll_union", first, second, allowDifferentLgConfigK);
    }

    /// The HLL sketch of the values of both, which are of one size unless `allowDifferentLgConfigK`, of columns by
    /// their names.
    public static Column hll_union(String first, String second) {
        return call("hll_union", col(first), col(second));
    }

    /// The HLL sketch of the values of both, which are of one size unless `allowDifferentLgConfigK`.
    public static Column hll_union(Column first, Column second) {
        return call("hll_union", first, second);
    }

    /// About how many distinct values went into an HLL sketch, of the column of this name.
    public static Column hll_sketch_estimate(String columnName) {
        return call("hll_sketch_estimate", col(columnName));
    }

    /// About how many distinct values went into an HLL sketch.
    public static Column hll_sketch_estimate(Column sketch) {
        return call("hll_sketch_estimate", sketch);
    }

    /// The KLL sketch of all values of the sketches, of the column of this name.
    public static Column kll_merge_agg_double(String columnName) {
        return call("kll_merge_agg_double", col(columnName));
    }

    /// The KLL sketch of all values of the sketches; its `k` is that of the first.
    public static Column kll_merge_agg_double(Column sketch) {
        return call("kll_merge_agg_double", sketch);
    }

    /// The KLL sketch of all values of the sketches, of the column of this name.
    public static Column kll_merge_agg_double(String columnName, int k) {
        return call("kll_merge_agg_double", col(columnName), k);
    }

    /// The KLL sketch of all values of the sketches; its `k` is that of the first.
    public static Column kll_merge_agg_double(Column sketch, int k) {
        return call("kll_merge_agg_double", sketch, k);
    }

    /// The KLL sketch of all values of the sketches; its `k` is that of the first.
    public static Column kll_merge_agg_double(Column sketch, Column k) {
        return call("kll_merge_agg_double", sketch, k);
    }

    /// The KLL sketch of all values of the sketches, of the column of this name.
    public static Column kll_merge_agg_float(String columnName) {
        return call("kll_merge_agg_float", col(columnName));
    }

    /// The KLL sketch of all values of the sketches; its `k` is that of the first.
    public static Column kll_merge_agg_float(Column sketch) {
        return call("kll_merge_agg_float", sketch);
    }

    /// The KLL sketch of all values of the sketches, of the column of this name.
    public static Column kll_merge_agg_float(String columnName, int k) {
        return call("kll_merge_agg_float", col(columnName), k);
    }

    /// The KLL sketch of all values of the sketches; its `k` is that of the first.
    public static Column kll_merge_agg_float(Column sketch, int k) {
        return call("kll_merge_agg_float", sketch, k);
    }

    /// The KLL sketch of all values of the sketches; its `k` is that of the first.
    public static Column kll_merge_agg_float(Column sketch, Column k) {
        return call("kll_merge_agg_float", sketch, k);
    }

    /// The KLL sketch of all values of the sketches, of the column of this name.
    public static Column kll_merge_agg_bigint(String columnName) {
        return call("kll_merge_agg_bigint", col(columnName));
    }

    /// The KLL sketch of all values of the sketches; its `k` is that of the first.
    public static Column kll_merge_agg_bigint(Column sketch) {
        return call("kll_merge_agg_bigint", sketch);
    }

    /// The KLL sketch of all values of the sketches, of the column of this name.
    public static Column kll_merge_agg_bigint(String columnName, int k) {
        return call("kll_merge_agg_bigint", col(columnName), k);
    }

    /// The KLL sketch of all values of the sketches; its `k` is that of the first.
    public static Column kll_merge_agg_bigint(Column sketch, int k) {
        return call("kll_merge_agg_bigint", sketch, k);
    }

    /// The KLL sketch of all values of the sketches; its `k` is that of the first.
    public static Column kll_merge_agg_bigint(Column sketch, Column k) {
        return call("kll_merge_agg_bigint", sketch, k);
    }

    /// A KLL sketch of the distribution of the values, of the column of this name.
    public static Column kll_sketch_agg_double(String columnName) {
        return call("kll_sketch_agg_double", col(columnName));
    }

    /// A KLL sketch of the distribution of the values; `k` (200) says how exact it is.
    public static Column kll_sketch_agg_double(Column e) {
        return call("kll_sketch_agg_double", e);
    }

    /// A KLL sketch of the distribution of the values, of the column of this name.
    public static Column kll_sketch_agg_double(String columnName, int k) {
        return call("kll_sketch_agg_double", col(columnName), k);
    }

    /// A KLL sketch of the distribution of the values; `k` (200) says how exact it is.
    public static Column kll_sketch_agg_double(Column e, int k) {
        return call("kll_sketch_agg_double", e, k);
    }

    /// A KLL sketch of the distribution of the values; `k` (200) says how exact it is.
    public static Column kll_sketch_agg_double(Column e, Column k) {
        return call("kll_sketch_agg_double", e, k);
    }

    /// A KLL sketch of the distribution of the values, of the column of this name.
    public static Column kll_sketch_agg_float(String columnName) {
        return call("kll_sketch_agg_float", col(columnName));
    }

    /// A KLL sketch of the distribution of the values; `k` (200) says how exact it is.
    public static Column kll_sketch_agg_float(Column e) {
        return call("kll_sketch_agg_float", e);
    }

    /// A KLL sketch of the distribution of the values, of the column of this name.
    public static Column kll_sketch_agg_float(String columnName, int k) {
        return call("kll_sketch_agg_float", col(columnName), k);
    }

    /// A KLL sketch of the distribution of the values; `k` (200) says how exact it is.
    public static Column kll_sketch_agg_float(Column e, int k) {
        return call("kll_sketch_agg_float", e, k);
    }

    /// A KLL sketch of the distribution of the values; `k` (200) says how exact it is.
    public static Column kll_sketch_agg_float(Column e, Column k) {
        return call("kll_sketch_agg_float", e, k);
    }

    /// A KLL sketch of the distribution of the values, of the column of this name.
    public static Column kll_sketch_agg_bigint(String columnName) {
        return call("kll_sketch_agg_bigint", col(columnName));
    }

    /// A KLL sketch of the distribution of the values; `k` (200) says how exact it is.
    public static Column kll_sketch_agg_bigint(Column e) {
        return call("kll_sketch_agg_bigint", e);
    }

    /// A KLL sketch of the distribution of the values, of the column of this name.
    public static Column kll_sketch_agg_bigint(String columnName, int k) {
        return call("kll_sketch_agg_bigint", col(columnName), k);
    }

    /// A KLL sketch of the distribution of the values; `k` (200) says how exact it is.
    public static Column kll_sketch_agg_bigint(Column e, int k) {
        return call("kll_sketch_agg_bigint", e, k);
    }

    /// A KLL sketch of the distribution of the values; `k` (200) says how exact it is.
    public static Column kll_sketch_agg_bigint(Column e, Column k) {
        return call("kll_sketch_agg_bigint", e, k);
    }

    /// The theta sketch of all values that were in one of the sketches, of the column of this name.
    public static Column theta_union_agg(String columnName) {
        return call("theta_union_agg", col(columnName));
    }

    /// The theta sketch of all values that were in one of the sketches.
    public static Column theta_union_agg(Column sketch) {
        return call("theta_union_agg", sketch);
    }

    /// The theta sketch of all values that were in one of the sketches, of the column of this name.
    public static Column theta_union_agg(String columnName, int lgNomEntries) {
        return call("theta_union_agg", col(columnName), lgNomEntries);
    }

    /// The theta sketch of all values that were in one of the sketches.
    public static Column theta_union_agg(Column sketch, int lgNomEntries) {
        return call("theta_union_agg", sketch, lgNomEntries);
    }

    /// The theta sketch of all values that were in one of the sketches.
    public static Column theta_union_agg(Column sketch, Column lgNomEntries) {
        return call("theta_union_agg", sketch, lgNomEntries);
    }

    /// A theta sketch of the distinct values, of the column of this name.
    public static Column theta_sketch_agg(String columnName) {
        return call("theta_sketch_agg", col(columnName));
    }

    /// A theta sketch of the distinct values; `lgNomEntries` (12) says how exact it is. See `theta_sketch_estimate`.
    public static Column theta_sketch_agg(Column e) {
        return call("theta_sketch_agg", e);
    }

    /// A theta sketch of the distinct values, of the column of this name.
    public static Column theta_sketch_agg(String columnName, int lgNomEntries) {
        return call("theta_sketch_agg", col(columnName), lgNomEntries);
    }

    /// A theta sketch of the distinct values; `lgNomEntries` (12) says how exact it is. See `theta_sketch_estimate`.
    public static Column theta_sketch_agg(Column e, int lgNomEntries) {
        return call("theta_sketch_agg", e, lgNomEntries);
    }

    /// A theta sketch of the distinct values; `lgNomEntries` (12) says how exact it is. See `theta_sketch_estimate`.
    public static Column theta_sketch_agg(Column e, Column lgNomEntries) {
        return call("theta_sketch_agg", e, lgNomEntries);
    }

    /// The theta sketch of the values that were in all of the sketches, of the column of this name.
    public static Column theta_intersection_agg(String columnName) {
        return call("theta_intersection_agg", col(columnName));
    }

    /// The theta sketch of the values that were in all of the sketches.
    public static Column theta_intersection_agg(Column sketch) {
        return call("theta_intersection_agg", sketch);
    }

    /// The HLL sketch of all values that were in one of the sketches, which are all of one size unless
    /// `allowDifferentLgConfigK`, of the column of this name.
    public static Column hll_union_agg(String columnName) {
        return call("hll_union_agg", col(columnName));
    }

    /// The HLL sketch of all values that were in one of the sketches, which are all of one size unless
    /// `allowDifferentLgConfigK`.
    public static Column hll_union_agg(Column sketch) {
        return call("hll_union_agg", sketch);
    }

    /// The HLL sketch of all values that were in one of the sketches, which are all of one size unless
    /// `allowDifferentLgConfigK`, of the column of this name.
    public static Column hll_union_agg(String columnName, boolean allowDifferentLgConfigK) {
        return call("hll_union_agg", col(columnName), allowDifferentLgConfigK);
    }

    /// The HLL sketch of all values that were in one of the sketches, which are all of one size unless
    /// `allowDifferentLgConfigK`.
    public static Column hll_union_agg(Column sketch, boolean allowDifferentLgConfigK) {
        return call("hll_union_agg", sketch, allowDifferentLgConfigK);
    }

    /// The HLL sketch of all values that were in one of the sketches, which are all of one size unless
    /// `allowDifferentLgConfigK`.
    public static Column hll_union_agg(Column sketch, Column allowDifferentLgConfigK) {
        return call("hll_union_agg", sketch, allowDifferentLgConfigK);
    }

    /// An HLL sketch of the distinct values, of the column of this name.
    public static Column hll_sketch_agg(String columnName) {
        return call("hll_sketch_agg", col(columnName));
    }

    /// An HLL sketch of the distinct values; `lgConfigK` (12) says how exact it is. See `hll_sketch_estimate`.
    public static Column hll_sketch_agg(Column e) {
        return call("hll_sketch_agg", e);
    }

    /// An HLL sketch of the distinct values, of the column of this name.
    public static Column hll_sketch_agg(String columnName, int lgConfigK) {
        return call("hll_sketch_agg", col(columnName), lgConfigK);
    }

    /// An HLL sketch of the distinct values; `lgConfigK` (12) says how exact it is. See `hll_sketch_estimate`.
    public static Column hll_sketch_agg(Column e, int lgConfigK) {
        return call("hll_sketch_agg", e, lgConfigK);
    }

    /// An HLL sketch of the distinct values; `lgConfigK` (12) says how exact it is. See `hll_sketch_estimate`.
    public static Column hll_sketch_agg(Column e, Column lgConfigK) {
        return call("hll_sketch_agg", e, lgConfigK);
    }

    /// As the other form, with a seed that is drawn now.
    public static Column count_min_sketch(Column e, Column eps, Column confidence) {
        return count_min_sketch(
                e, eps, confidence, lit(ThreadLocalRandom.current().nextInt()));
    }

    /// A count-min sketch of the values, which [CountMinSketch] reads.
    public static Column count_min_sketch(Column e, Column eps, Column confidence, Column seed) {
        return call("count_min_sketch", e, eps, confidence, seed);
    }
}

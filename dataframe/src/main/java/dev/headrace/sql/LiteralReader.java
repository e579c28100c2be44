package dev.headrace.sql;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.function.Casts;
import dev.headrace.function.EvalContext;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BigDecimalLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BigIntLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BooleanLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ConstantContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DoubleLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExponentLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FloatLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntegerLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntervalLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LiteralTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedParameterLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedParameterMarkerRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NullLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NumberContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NumericLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PosParameterLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SingleStringLitContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SmallIntLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StringLitContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StringLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TinyIntLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TypeConstructorContext;
import org.jspecify.annotations.Nullable;

/// Reads constants.
final class LiteralReader {
    private final SqlText text;
    private final Parameters parameters;
    private final ZoneId zone;
    /// Where the parameters without names stand, found when there is one.
    private @Nullable List<Integer> positions;

    LiteralReader(SqlText text, Parameters parameters, ZoneId zone) {
        this.text = text;
        this.parameters = parameters;
        this.zone = zone;
    }

    NamedExpr constant(ConstantContext context) {
        return switch (context) {
            case NullLiteralContext _ -> new NamedExpr.Literal(Scalar.NULL);
            case PosParameterLiteralContext parameter -> positional(parameter);
            case NamedParameterLiteralContext parameter ->
                named(Names.written(parameter.namedParameterMarker().simpleIdentifier()), parameter);
            case IntervalLiteralContext interval -> new IntervalReader(text, this).interval(interval.interval());
            case TypeConstructorContext typed when typed.literalType().INTERVAL() != null ->
                new IntervalReader(text, this)
                        .interval(unquoted(typed.singleStringLitWithoutMarker().getText()), typed);
            case TypeConstructorContext typed -> new NamedExpr.Literal(typed(typed));
            case NumericLiteralContext number -> new NamedExpr.Literal(number(number.number()));
            case BooleanLiteralContext bool ->
                new NamedExpr.Literal(Scalar.of(bool.booleanValue().TRUE() != null));
            case StringLiteralContext string -> new NamedExpr.Literal(Scalar.of(string(string.stringLit())));
            default -> throw text.unsupported("The constant " + context.getText() + " is not supported.", context);
        };
    }

    /// The value of a parameter without a name, which is told by its place in the text: the parts of a statement are
    /// read in another order, and some more than once.
    private NamedExpr positional(ParserRuleContext at) {
        int number = positions().indexOf(at.getStart().getStartIndex());
        if (number >= parameters.positional().size()) {
            throw text.error(
                    "UNBOUND_SQL_PARAMETER",
                    "There is no value for parameter " + (number + 1) + " (?): "
                            + parameters.positional().size()
                            + " were given. Pass it as in session.sql(\"… ?\", value).",
                    at);
        }
        return parameters.positional().get(number);
    }

    private List<Integer> positions() {
        if (positions == null) {
            positions = found();
        }
        return positions;
    }

    private List<Integer> found() {
        return KnownTokens.lexer(text.text()).getAllTokens().stream()
                .filter(token -> token.getType() == SqlBaseLexer.QUESTION)
                .map(token -> token.getStartIndex())
                .toList();
    }

    private NamedExpr named(String name, ParserRuleContext at) {
        if (!positions().isEmpty()) {
            throw text.error(
                    "INVALID_QUERY_MIXED_QUERY_PARAMETERS",
                    "Some of the parameters have names (:" + name
                            + ") and some are by position (?). Write all in one way.",
                    at);
        }
        if (!parameters.nameless().isEmpty()) {
            throw text.error(
                    "ALL_PARAMETERS_MUST_BE_NAMED",
                    "The parameters have names, as :" + name + " has, so each value needs one: "
                            + String.join(", ", parameters.nameless()) + " without. Write it as in 1 AS " + name + ".",
                    at);
        }
        NamedExpr value = parameters.named().get(name);
        if (value == null) {
            throw text.error(
                    "UNBOUND_SQL_PARAMETER",
                    "There is no value for the parameter :" + name + ". Pass it as in session.sql(\"…\", Map.of(\""
                            + name + "\", value)).",
                    at);
        }
        return value;
    }

    // ---- Strings

    String string(StringLitContext context) {
        return context.singleStringLit().stream().map(this::string).collect(Collectors.joining());
    }

    private String string(SingleStringLitContext context) {
        if (context.parameterMarker() != null) {
            NamedExpr value = switch (context.parameterMarker()) {
                case NamedParameterMarkerRuleContext marker ->
                    named(Names.written(marker.namedParameterMarker().simpleIdentifier()), context);
                default -> positional(context);
            };
            if (value instanceof NamedExpr.Literal(Scalar scalar)
                    && scalar.type().equals(DataTypes.StringType)) {
                return String.valueOf(scalar);
            }
            throw text.error("INVALID_SQL_ARG", "The parameter stands for a string here, not " + value.text(), context);
        }
        return unquoted(context.singleStringLitWithoutMarker().getText());
    }

    /// The text between quotes, escapes resolved.
    static String unquoted(String token) {
        if (token.startsWith("r") || token.startsWith("R")) {
            return token.substring(2, token.length() - 1);
        }
        char quote = token.charAt(0);
        String inner = token.substring(1, token.length() - 1);
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < inner.length()) {
            char c = inner.charAt(at);
            if (c == '\\' && at + 1 < inner.length()) {
                at = escape(inner, at + 1, out);
            } else {
                out.append(c);
                at += c == quote && at + 1 < inner.length() && inner.charAt(at + 1) == quote ? 2 : 1;
            }
        }
        return out.toString();
    }

    /// @param at the position behind the backslash
    /// @return the position behind the escape
    private static int escape(String inner, int at, StringBuilder out) {
        char c = inner.charAt(at);
        if (c == 'u' && isHex(inner, at + 1, 4)) {
            out.append((char) Integer.parseInt(inner.substring(at + 1, at + 5), 16));
            return at + 5;
        }
        if (c == 'U' && isHex(inner, at + 1, 8)) {
            out.appendCodePoint(Integer.parseInt(inner.substring(at + 1, at + 9), 16));
            return at + 9;
        }
        if (isOctal(inner, at)) {
            out.append((char) Integer.parseInt(inner.substring(at, at + 3), 8));
            return at + 3;
        }
        switch (c) {
            case '0' -> out.append('\0');
            case 'b' -> out.append('\b');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'Z' -> out.append('\u001A');
            // Left for LIKE, whose own escape this is.
            case '%', '_' -> out.append('\\').append(c);
            default -> out.append(c);
        }
        return at + 1;
    }

    private static boolean isHex(String text, int from, int count) {
        return from + count <= text.length()
                && text.substring(from, from + count).chars().allMatch(c -> Character.digit(c, 16) >= 0);
    }

    private static boolean isOctal(String text, int at) {
        return at + 3 <= text.length()
                && text.charAt(at) <= '3'
                && text.substring(at, at + 3).chars().allMatch(c -> c >= '0' && c <= '7');
    }

    // ---- Numbers

    Scalar number(NumberContext context) {
        String written = context.getText().toUpperCase(Locale.ROOT);
        try {
            return switch (context) {
                case IntegerLiteralContext _ -> integer(new BigInteger(written));
                case BigIntLiteralContext _ -> Scalar.of(new BigInteger(cut(written, 1)).longValueExact());
                case SmallIntLiteralContext _ ->
                    new Scalar(new BigInteger(cut(written, 1)).shortValueExact(), DataTypes.ShortType);
                case TinyIntLiteralContext _ ->
                    new Scalar(new BigInteger(cut(written, 1)).byteValueExact(), DataTypes.ByteType);
                case DoubleLiteralContext _ -> Scalar.of(finite(Double.parseDouble(cut(written, 1))));
                case ExponentLiteralContext _ -> Scalar.of(finite(Double.parseDouble(written)));
                case FloatLiteralContext _ ->
                    new Scalar((float) finite(Float.parseFloat(cut(written, 1))), DataTypes.FloatType);
                case BigDecimalLiteralContext _ -> Scalar.ofJava(new BigDecimal(cut(written, 2)));
                default -> Scalar.ofJava(new BigDecimal(written));
            };
        } catch (ArithmeticException | IllegalArgumentException outOfRange) {
            throw text.error(
                    "INVALID_NUMERIC_LITERAL_RANGE",
                    "The number " + context.getText() + " does not fit its type. Use a wider one, such as decimal.",
                    context);
        } catch (QueryException tooLong) {
            throw text.error(tooLong.code(), tooLong.text(), context);
        }
    }

    /// The value, which is infinite if the number that is written is beyond its type.
    private static double finite(double value) {
        if (Double.isInfinite(value)) {
            throw new ArithmeticException();
        }
        return value;
    }

    private static String cut(String written, int suffix) {
        return written.substring(0, written.length() - suffix);
    }

    private static Scalar integer(BigInteger value) {
        if (value.bitLength() < 32) {
            return Scalar.of(value.intValueExact());
        }
        return value.bitLength() < 64 ? Scalar.of(value.longValueExact()) : Scalar.ofJava(new BigDecimal(value));
    }

    // ---- DATE '2026-01-31', X'1F'

    private Scalar typed(TypeConstructorContext context) {
        String value = unquoted(context.singleStringLitWithoutMarker().getText());
        LiteralTypeContext type = context.literalType();
        if (type.BINARY_HEX() != null) {
            return binary(value, context);
        }
        if (type.DATE() != null) {
            return cast(value, DataTypes.DateType, context);
        }
        if (type.TIMESTAMP() != null || type.TIMESTAMP_LTZ() != null) {
            return cast(value, DataTypes.TimestampType, context);
        }
        if (type.TIMESTAMP_NTZ() != null) {
            return cast(value, DataTypes.TimestampNTZType, context);
        }
        throw text.unsupported(
                "Constants as in " + type.getText()
                        + " '…' are not supported, only DATE, TIMESTAMP, TIMESTAMP_NTZ, X and"
                        + " intervals as in INTERVAL 3 DAYS.",
                context);
    }

    private Scalar cast(String value, DataType type, ParserRuleContext at) {
        try {
            Object cast = Casts.cast(
                    Slice.utf8(value), DataTypes.StringType, type, CastFailure.ERROR, new EvalContext(zone, 0, 0));
            return new Scalar(cast, type);
        } catch (DataException invalid) {
            throw text.error(
                    "INVALID_TYPED_LITERAL",
                    "'" + value + "' is not a value of the type " + type.simpleString() + ".",
                    at);
        }
    }

    private Scalar binary(String value, ParserRuleContext at) {
        try {
            return Scalar.ofJava(HexFormat.of().parseHex(value.length() % 2 == 0 ? value : "0" + value));
        } catch (IllegalArgumentException notHex) {
            throw text.error(
                    "INVALID_TYPED_LITERAL", "'" + value + "' is not a binary in hexadecimal digits, as in X'1F'.", at);
        }
    }
}

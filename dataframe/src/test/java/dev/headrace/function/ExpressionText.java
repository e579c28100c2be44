package dev.headrace.function;

import dev.headrace.errors.HeadraceException;
import dev.headrace.function.Interpreter;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Constant expressions as text, for tables of examples: `upper('a')`, `(1 + 2L) * 3`, `'1'::int`, `array(1, NULL)`.
///
/// Numbers are as in Spark SQL: `1` an int, `1L` a bigint, `1S` a smallint, `1Y` a tinyint, `1.5` a decimal, `1.5D` or
/// `1e0` a double, `1.5F` a float. `DATE '…'` and `TIMESTAMP '…'` are casts. Operators have no precedence.
final class ExpressionText {
    /// The time is 2026-02-01 00:00:00.123456Z.
    static EvalContext context() {
        return new EvalContext(ZoneId.of("America/Los_Angeles"), 1_769_904_000_123_456L, 0);
    }

    private static final Set<String> OPERATORS = Set.of(
            "+", "-", "*", "/", "%", "=", "==", "!=", "<>", "<", "<=", ">", ">=", "<=>", "||", "&", "|", "^", "<<",
            ">>", ">>>", "and", "or", "div", "like", "rlike", "ilike", "in");

    private final String text;
    private int at;

    private ExpressionText(String text) {
        this.text = text;
    }

    static BoundExpr parse(String text) {
        ExpressionText parser = new ExpressionText(text.strip());
        BoundExpr expr = parser.expression();
        if (parser.at != parser.text.length()) {
            throw new IllegalArgumentException("'" + text + "' at " + parser.at);
        }
        return expr;
    }

    /// The value as a cast to string shows it, `NULL`, or `!` and the code of the error.
    static String evaluate(String text) {
        try {
            BoundExpr expr = parse(text);
            return show(Interpreter.evaluate(expr, _ -> null, context()), expr.type());
        } catch (HeadraceException error) {
            return "!" + error.code();
        }
    }

    static String show(@Nullable Object value, DataType type) {
        Object shown = Casts.cast(value, type, DataTypes.StringType, CastFailure.ERROR, context());
        return shown == null ? "NULL" : shown.toString();
    }

    private BoundExpr expression() {
        BoundExpr left = primary();
        while (true) {
            skipBlanks();
            String operator = operator();
            if (operator == null) {
                return left;
            }
            left = FunctionRegistry.bindScalar(operator, operands(operator, left));
        }
    }

    private List<BoundExpr> operands(String operator, BoundExpr left) {
        List<BoundExpr> operands = new ArrayList<>(List.of(left));
        if (operator.equals("in")) {
            expect("(");
            operands.addAll(arguments());
        } else {
            operands.add(primary());
        }
        return operands;
    }

    private @Nullable String operator() {
        for (int length = 5; length > 0; length--) {
            if (at + length <= text.length()) {
                String candidate = text.substring(at, at + length).toLowerCase(java.util.Locale.ROOT);
                if (OPERATORS.contains(candidate)) {
                    at += length;
                    return candidate;
                }
            }
        }
        return null;
    }

    private BoundExpr primary() {
        skipBlanks();
        BoundExpr value = atom();
        while (text.startsWith("::", at)) {
            at += 2;
            value = Coercion.cast(value, type(), CastFailure.ERROR);
        }
        return value;
    }

    private BoundExpr atom() {
        char c = text.charAt(at);
        if (c == '(') {
            at++;
            BoundExpr inner = expression();
            expect(")");
            return inner;
        }
        if (c == '~') {
            at++;
            return FunctionRegistry.bindScalar("~", List.of(primary()));
        }
        if (c == '\'') {
            return literal(Scalar.of(string()));
        }
        if (Character.isDigit(c) || c == '-') {
            return number();
        }
        String word = word();
        return switch (word.toLowerCase(java.util.Locale.ROOT)) {
            case "null" -> literal(Scalar.NULL);
            case "true" -> literal(Scalar.TRUE);
            case "false" -> literal(Scalar.FALSE);
            case "try_cast" -> tryCast();
            default -> {
                if (isNext('\'')) {
                    yield Coercion.cast(literal(Scalar.of(string())), DataType.fromDDL(word), CastFailure.ERROR);
                }
                expect("(");
                yield FunctionRegistry.bindScalar(word, arguments());
            }
        };
    }

    private BoundExpr tryCast() {
        expect("(");
        BoundExpr value = expression();
        skipBlanks();
        expect("as");
        DataType type = type();
        expect(")");
        return Coercion.cast(value, type, CastFailure.NULL);
    }

    private boolean isNext(char wanted) {
        skipBlanks();
        return at < text.length() && text.charAt(at) == wanted;
    }

    private List<BoundExpr> arguments() {
        List<BoundExpr> arguments = new ArrayList<>();
        while (!isNext(')')) {
            arguments.add(expression());
            if (isNext(',')) {
                at++;
            }
        }
        expect(")");
        return arguments;
    }

    private BoundExpr number() {
        int start = at++;
        while (at < text.length()
                && (Character.isDigit(text.charAt(at))
                        || text.charAt(at) == '.'
                        || text.charAt(at) == 'e'
                        || text.charAt(at) == '-' && text.charAt(at - 1) == 'e')) {
            at++;
        }
        String digits = text.substring(start, at);
        char suffix = at < text.length() ? text.charAt(at) : ' ';
        at += "LSYDF".indexOf(suffix) >= 0 ? 1 : 0;
        return literal(
                switch (suffix) {
                    case 'L' -> Scalar.of(Long.parseLong(digits));
                    case 'S' -> Scalar.ofJava(Short.parseShort(digits));
                    case 'Y' -> Scalar.ofJava(Byte.parseByte(digits));
                    case 'D' -> Scalar.of(Double.parseDouble(digits));
                    case 'F' -> Scalar.ofJava(Float.parseFloat(digits));
                    default -> {
                        if (digits.contains("e")) {
                            yield Scalar.of(Double.parseDouble(digits));
                        }
                        yield digits.contains(".")
                                ? Scalar.ofJava(new BigDecimal(digits))
                                : Scalar.of(Integer.parseInt(digits));
                    }
                });
    }

    private String string() {
        skipBlanks();
        expect("'");
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = text.charAt(at++);
            if (c == '\'') {
                if (at == text.length() || text.charAt(at) != '\'') {
                    return value.toString();
                }
                at++;
            }
            value.append(c);
        }
    }

    private DataType type() {
        skipBlanks();
        int start = at;
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (depth == 0 && (c == ')' || c == ' ' || c == ',' || c == ':')) {
                break;
            }
            depth += c == '(' || c == '<' ? 1 : c == ')' || c == '>' ? -1 : 0;
            at++;
        }
        return DataType.fromDDL(text.substring(start, at));
    }

    private String word() {
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        return text.substring(start, at);
    }

    private static BoundExpr literal(Scalar value) {
        return new BoundExpr.Literal(value);
    }

    private void expect(String wanted) {
        skipBlanks();
        if (!text.startsWith(wanted, at)) {
            throw new IllegalArgumentException("expected " + wanted + " at " + at + " of " + text);
        }
        at += wanted.length();
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }
}

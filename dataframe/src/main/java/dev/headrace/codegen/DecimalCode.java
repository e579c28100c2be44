package dev.headrace.codegen;

import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.CompareOp;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.ShortType;
import java.math.BigInteger;
import java.util.Optional;

/// Writes decimal arithmetic on longs: the digits of a value as a long where they fit, which a flag says, and only
/// otherwise as a `BigDecimal`. For loops over columns without nulls.
final class DecimalCode {
    private static final int LONG_DIGITS = 18;

    private final ExprWriter exprs;
    private final SourceWriter code;

    DecimalCode(ExprWriter exprs, SourceWriter code) {
        this.exprs = exprs;
        this.code = code;
    }

    /// A column's value.
    Value load(BoundExpr expr, DecimalType type, String address) {
        String value = exprs.name("v");
        code.line("long " + value + " = Memory.getLong(" + address + ");", expr);
        if (type.precision() <= LONG_DIGITS) {
            return fitting(value, type.scale());
        }
        String wide = exprs.name("w");
        code.line("boolean " + wide + " = Memory.getLong(" + address + " + 8L) != " + value + " >> 63;");
        String text = "Vectors.decimal(" + address + ", " + type.scale() + ")";
        return new Value(JavaType.DECIMAL, "false", text, new Value.Unscaled(value, wide, type.scale()));
    }

    private static Value fitting(String value, int scale) {
        return new Value(
                JavaType.DECIMAL,
                "false",
                "BigDecimal.valueOf(" + value + ", " + scale + ")",
                new Value.Unscaled(value, "false", scale));
    }

    /// Whether every value of `from` is one of the decimal type `to`, without rounding.
    static boolean widens(DataType from, DataType to) {
        if (!(to instanceof DecimalType wanted)) {
            return false;
        }
        int whole = wanted.precision() - wanted.scale();
        return switch (from) {
            case DecimalType given -> given.scale() <= wanted.scale() && given.precision() - given.scale() <= whole;
            case ByteType _ -> whole >= 3;
            case ShortType _ -> whole >= 5;
            case IntegerType _ -> whole >= 10;
            default -> false;
        };
    }

    /// A value in a wider type.
    Optional<Value> widened(Value given, DecimalType to, BoundExpr node) {
        if (!given.neverNull()) {
            return Optional.empty();
        }
        Value.Unscaled digits = given.unscaled();
        if (given.type() != JavaType.DECIMAL) {
            digits = new Value.Unscaled("((long) " + given.text() + ")", "false", 0);
        }
        if (digits == null) {
            return Optional.empty();
        }
        if (digits.scale() == to.scale() && given.type() == JavaType.DECIMAL) {
            return Optional.of(given);
        }
        if (!digits.alwaysFits() || to.precision() > LONG_DIGITS) {
            return Optional.empty();
        }
        String value = exprs.name("v");
        code.line("long " + value + " = " + scaled(digits, to.scale()) + ";", node);
        return Optional.of(fitting(value, to.scale()));
    }

    private static String scaled(Value.Unscaled digits, int scale) {
        return digits.scale() == scale
                ? digits.value()
                : digits.value() + " * " + BigInteger.TEN.pow(scale - digits.scale()) + "L";
    }

    /// Whether a node is an operation whose exact result its type holds.
    static boolean isPlain(BoundExpr.Arithmetic node) {
        if (!(node.type() instanceof DecimalType type)
                || !(node.left().type() instanceof DecimalType left)
                || !(node.right().type() instanceof DecimalType right)
                || node.failure() != CastFailure.ERROR) {
            return false;
        }
        boolean times = node.op() == ArithmeticOp.MULTIPLY;
        if (!times && node.op() != ArithmeticOp.ADD && node.op() != ArithmeticOp.SUBTRACT) {
            return false;
        }
        int scale = times ? left.scale() + right.scale() : Math.max(left.scale(), right.scale());
        return type.scale() == scale && (digits(node.op(), left, right) <= type.precision() || type.precision() > 18);
    }

    /// How many digits a result has at most.
    private static int digits(ArithmeticOp op, DecimalType left, DecimalType right) {
        return op == ArithmeticOp.MULTIPLY
                ? left.precision() + right.precision()
                : Math.max(left.precision() - left.scale(), right.precision() - right.scale())
                        + Math.max(left.scale(), right.scale())
                        + 1;
    }

    /// The result of a plain operation; empty if an operand's digits are not at hand.
    Optional<Value> arithmetic(BoundExpr.Arithmetic node, Value left, Value right) {
        Value.Unscaled a = left.unscaled();
        Value.Unscaled b = right.unscaled();
        DecimalType type = (DecimalType) node.type();
        DecimalType leftType = (DecimalType) node.left().type();
        DecimalType rightType = (DecimalType) node.right().type();
        if (a == null || b == null || !right.neverNull()) {
            return Optional.empty();
        }
        boolean fits = a.alwaysFits() && b.alwaysFits() && digits(node.op(), leftType, rightType) <= LONG_DIGITS;
        boolean times = node.op() == ArithmeticOp.MULTIPLY;
        boolean rescaled = !times && a.scale() != b.scale();
        if (rescaled && !(canScale(a, leftType, type.scale()) && canScale(b, rightType, type.scale()))) {
            return Optional.empty();
        }
        String x = times ? a.value() : operand(a, type.scale());
        String y = times ? b.value() : operand(b, type.scale());
        String value = exprs.name("v");
        String sign = times ? " * " : node.op() == ArithmeticOp.ADD ? " + " : " - ";
        code.line("long " + value + " = " + x + sign + y + ";", node);
        if (fits) {
            return Optional.of(fitting(value, type.scale()));
        }
        String wide = exprs.name("w");
        code.line("boolean " + wide + " = " + flag(a) + flag(b) + overflow(node.op(), x, y, value) + ";");
        String exact = exprs.name("b");
        String method = times ? "multiply" : node.op() == ArithmeticOp.ADD ? "add" : "subtract";
        code.line("BigDecimal " + exact + " = " + wide + " ? ArithmeticFunctions." + method + "(" + left.text() + ", "
                + right.text() + ", " + type.precision() + ", " + type.scale() + ") : null;");
        String text = "(" + wide + " ? " + exact + " : BigDecimal.valueOf(" + value + ", " + type.scale() + "))";
        return Optional.of(new Value(JavaType.DECIMAL, "false", text, new Value.Unscaled(value, wide, type.scale())));
    }

    /// Whether a value can be given more decimals without leaving the range of a long.
    private static boolean canScale(Value.Unscaled digits, DecimalType type, int scale) {
        return digits.scale() == scale
                || digits.alwaysFits() && type.precision() + scale - digits.scale() <= LONG_DIGITS;
    }

    private String operand(Value.Unscaled digits, int scale) {
        if (digits.scale() == scale) {
            return digits.value();
        }
        String value = exprs.name("v");
        code.line("long " + value + " = " + scaled(digits, scale) + ";");
        return value;
    }

    private static String flag(Value.Unscaled digits) {
        return digits.alwaysFits() ? "" : digits.tooWide() + " || ";
    }

    private static String overflow(ArithmeticOp op, String x, String y, String result) {
        return switch (op) {
            case MULTIPLY -> "Math.multiplyHigh(" + x + ", " + y + ") != " + result + " >> 63";
            case ADD -> "((" + x + " ^ " + result + ") & (" + y + " ^ " + result + ")) < 0L";
            default -> "((" + x + " ^ " + y + ") & (" + x + " ^ " + result + ")) < 0L";
        };
    }

    /// A comparison of two decimals; empty if it has to be done with objects.
    static Optional<String> comparison(CompareOp op, Value left, Value right) {
        Value.Unscaled a = left.unscaled();
        Value.Unscaled b = right.unscaled();
        if (a == null || b == null || a.scale() != b.scale()) {
            return Optional.empty();
        }
        String narrow = Comparison.text(op, JavaType.LONG, a.value(), b.value());
        if (a.alwaysFits() && b.alwaysFits()) {
            return Optional.of(narrow);
        }
        String either = a.alwaysFits()
                ? b.tooWide()
                : b.alwaysFits() ? a.tooWide() : "(" + a.tooWide() + " || " + b.tooWide() + ")";
        String wide = Comparison.text(op, JavaType.DECIMAL, left.text(), right.text());
        return Optional.of("(" + either + " ? " + wide + " : " + narrow + ")");
    }

    /// Declares a decimal to be chosen from several.
    Value choice(String isNull, String value, int scale) {
        code.line("BigDecimal " + value + " = null;");
        code.line("long " + value + "Digits = 0L;");
        code.line("boolean " + value + "Wide = false;");
        String text = "(" + value + "Wide ? " + value + " : BigDecimal.valueOf(" + value + "Digits, " + scale + "))";
        return new Value(JavaType.DECIMAL, isNull, text, new Value.Unscaled(value + "Digits", value + "Wide", scale));
    }

    /// Sets a decimal made by [#choice].
    static void choose(SourceWriter code, String value, Value chosen, int scale) {
        Value.Unscaled digits = chosen.unscaled();
        if (digits == null || digits.scale() != scale) {
            code.line(value + "Wide = true;");
            code.line(value + " = " + chosen.text() + ";");
            return;
        }
        code.line(value + "Digits = " + digits.value() + ";");
        if (!digits.alwaysFits()) {
            code.line(value + "Wide = " + digits.tooWide() + ";");
            code.line(value + " = " + digits.tooWide() + " ? " + chosen.text() + " : null;");
        }
    }
}

package dev.headrace.plan;

/// The arithmetic operators.
public enum ArithmeticOp {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    /// The quotient of integers, rounded toward zero.
    INTEGRAL_DIVIDE("div"),
    /// The remainder, with the sign of the dividend.
    REMAINDER("%");

    private final String symbol;

    ArithmeticOp(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }
}

package dev.headrace.codegen;

import dev.headrace.plan.CompareOp;

/// Comparisons of two values that are not null, as Java expressions.
final class Comparison {
    private Comparison() {}

    static String text(CompareOp op, JavaType type, String a, String b) {
        return switch (type) {
            case BYTE, SHORT, INT, LONG -> a + " " + operator(op) + " " + b;
            case FLOAT, DOUBLE -> floating(op, a, b);
            case BOOLEAN -> ordered(op, "Boolean.compare(" + a + ", " + b + ")");
            case DECIMAL -> ordered(op, a + ".compareTo(" + b + ")");
            case SLICE -> slices(op, a, b);
            case LIST, MAP, VOID -> ordered(op, "CellOrder.compareCells(" + a + ", " + b + ")");
        };
    }

    private static String ordered(CompareOp op, String comparison) {
        return comparison + " " + operator(op) + " 0";
    }

    private static String slices(CompareOp op, String a, String b) {
        return switch (op) {
            case EQUAL, NULL_SAFE_EQUAL -> a + ".contentEquals(" + b + ")";
            case NOT_EQUAL -> "!" + a + ".contentEquals(" + b + ")";
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> ordered(op, a + ".compareTo(" + b + ")");
        };
    }

    private static String floating(CompareOp op, String a, String b) {
        return switch (op) {
            case EQUAL, NULL_SAFE_EQUAL -> "Ordering.equal(" + a + ", " + b + ")";
            case NOT_EQUAL -> "!Ordering.equal(" + a + ", " + b + ")";
            case LESS -> "Ordering.less(" + a + ", " + b + ")";
            case LESS_OR_EQUAL -> "Ordering.lessOrEqual(" + a + ", " + b + ")";
            case GREATER -> "Ordering.less(" + b + ", " + a + ")";
            case GREATER_OR_EQUAL -> "Ordering.lessOrEqual(" + b + ", " + a + ")";
        };
    }

    private static String operator(CompareOp op) {
        return switch (op) {
            case EQUAL, NULL_SAFE_EQUAL -> "==";
            case NOT_EQUAL -> "!=";
            case LESS -> "<";
            case LESS_OR_EQUAL -> "<=";
            case GREATER -> ">";
            case GREATER_OR_EQUAL -> ">=";
        };
    }
}

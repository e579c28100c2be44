package dev.headrace.codegen;

/// Comparisons of floating-point numbers for generated code: NaN equals NaN and is the largest; -0.0 equals 0.0. The
/// same order as [dev.headrace.function.CellOrder], without the detour over -1, 0 and 1.
final class Ordering {
    private Ordering() {}

    static boolean equal(double a, double b) {
        return a == b || Double.isNaN(a) && Double.isNaN(b);
    }

    static boolean less(double a, double b) {
        return a < b || Double.isNaN(b) && !Double.isNaN(a);
    }

    static boolean lessOrEqual(double a, double b) {
        return a <= b || Double.isNaN(b);
    }
}

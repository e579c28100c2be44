package dev.headrace.types;

/// A decimal number with `precision` digits in all (1 to 38), `scale` of them after the point (0 to `precision`).
public record DecimalType(int precision, int scale) implements NumericType {
    public static final int MAX_PRECISION = 38;
    /// What a `decimal` without numbers means.
    public static final DecimalType USER_DEFAULT = new DecimalType(10, 0);

    public DecimalType {
        if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
            throw new dev.headrace.errors.QueryException(
                    "INVALID_DECIMAL_TYPE",
                    "decimal(" + precision + "," + scale + "): the precision must be 1 to " + MAX_PRECISION
                            + " and the scale 0 to the precision.");
        }
    }

    /// The smallest decimal type that holds every value of an integer type; the type itself for a decimal.
    public static DecimalType forType(NumericType type) {
        return switch (type) {
            case ByteType _ -> new DecimalType(3, 0);
            case ShortType _ -> new DecimalType(5, 0);
            case IntegerType _ -> new DecimalType(10, 0);
            case LongType _ -> new DecimalType(20, 0);
            case FloatType _ -> new DecimalType(14, 7);
            case DoubleType _ -> new DecimalType(30, 15);
            case DecimalType decimal -> decimal;
        };
    }

    /// A type within the 38 digits: Spark's `adjustPrecisionScale`, which gives up digits after the point first, but
    /// keeps at least six of them.
    public static DecimalType bounded(int precision, int scale) {
        if (precision <= MAX_PRECISION) {
            return new DecimalType(precision, scale);
        }
        int integerDigits = precision - scale;
        int minScale = Math.min(scale, 6);
        return new DecimalType(MAX_PRECISION, Math.max(MAX_PRECISION - integerDigits, minScale));
    }

    @Override
    public String simpleString() {
        return "decimal(" + precision + "," + scale + ")";
    }

    @Override
    public String toString() {
        return "DecimalType(" + precision + "," + scale + ")";
    }
}

package dev.headrace.codegen;

import org.jspecify.annotations.Nullable;

/// Where generated code has put an expression's value.
///
/// @param isNull a variable, or `true` or `false` where that is known while generating
/// @param text a variable or literal; where `isNull` holds, a primitive is 0 or false, and an object must not be used
/// @param unscaled a decimal's digits as a long, beside `text`; null if they are not at hand so
record Value(
        JavaType type, String isNull, String text, @Nullable Unscaled unscaled) {
    /// A decimal as the number of units of its last place.
    ///
    /// @param value a long variable or literal
    /// @param tooWide a variable that says that the value does not fit, or `false`
    record Unscaled(String value, String tooWide, int scale) {
        boolean alwaysFits() {
            return tooWide.equals("false");
        }
    }

    Value(JavaType type, String isNull, String text) {
        this(type, isNull, text, null);
    }

    static Value present(JavaType type, String text) {
        return new Value(type, "false", text);
    }

    static Value absent(JavaType type) {
        return new Value(type, "true", type.blank);
    }

    boolean neverNull() {
        return isNull.equals("false");
    }

    boolean alwaysNull() {
        return isNull.equals("true");
    }

    /// The value as an object that may be null.
    String boxed() {
        if (alwaysNull()) {
            return "null";
        }
        if (type.isPrimitive()) {
            return neverNull() ? type.box + ".valueOf(" + text + ")" : "Boxed.of(" + isNull + ", " + text + ")";
        }
        return neverNull() ? text : "(" + isNull + " ? null : " + text + ")";
    }
}

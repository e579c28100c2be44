package dev.headrace.codegen;

/// Where generated code has put an expression's value.
///
/// @param isNull a variable, or `true` or `false` where that is known while generating
/// @param text a variable or literal; where `isNull` holds, a primitive is 0 or false, and an object must not be used
record Value(JavaType type, String isNull, String text) {
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

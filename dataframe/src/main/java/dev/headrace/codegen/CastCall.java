package dev.headrace.codegen;

import dev.headrace.plan.CastFailure;
import dev.headrace.types.DataType;

/// The Java expression that casts a value that is not null.
///
/// @param before what stands before the value, as an object
/// @param after what stands after it
/// @param givesNull whether the result may be null
record CastCall(String before, String after, boolean givesNull) {
    static CastCall of(DataType from, DataType to, CastFailure failure, ClassParts parts) {
        JavaType type = JavaType.of(to);
        String types = parts.constant("DataType", from) + ", " + parts.constant("DataType", to);
        String before = "(" + type.box + ") Casts.cast(";
        if (failure == CastFailure.NULL) {
            return new CastCall(before, ", " + types + ", CastFailure.NULL, context)", true);
        }
        String after = ", " + types + ", CastFailure.ERROR, context)";
        return type.isPrimitive()
                ? new CastCall("(" + before, after + ")." + type.type + "Value()", false)
                : new CastCall(before, after, false);
    }

    String text(Value value) {
        return before + Value.present(value.type(), value.text()).boxed() + after;
    }
}

package dev.headrace.codegen;

import dev.headrace.chunk.Slice;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the methods of a generated class have in common: its imports and the constants it is given.
final class ClassParts {
    private static final List<Class<?>> ALWAYS = List.of(
            Arrays.class,
            BigDecimal.class,
            List.class,
            Map.class,
            dev.headrace.chunk.Cell.class,
            dev.headrace.chunk.Chunk.class,
            dev.headrace.chunk.Memory.class,
            Slice.class,
            dev.headrace.errors.DataException.class,
            dev.headrace.function.ArithmeticFunctions.class,
            dev.headrace.function.Casts.class,
            dev.headrace.function.CellOrder.class,
            dev.headrace.function.EvalContext.class,
            dev.headrace.plan.CastFailure.class,
            DataType.class,
            org.apache.arrow.vector.FieldVector.class);

    private static final List<Class<?>> SAME_PACKAGE = List.of(
            Boxed.class, BytesTarget.class, ComputeBody.class, ConstantSet.class, Ordering.class, Vectors.class);

    private final Map<String, String> imports = new TreeMap<>();
    private final Constants constants = new Constants();

    ClassParts() {
        ALWAYS.forEach(this::className);
        SAME_PACKAGE.forEach(this::className);
    }

    /// How the code names a class.
    String className(Class<?> type) {
        String name = type.getCanonicalName();
        if (name.startsWith("java.lang.") && type.getPackageName().equals("java.lang")) {
            return type.getSimpleName();
        }
        return imports.computeIfAbsent(type.getSimpleName(), _ -> name).equals(name) ? type.getSimpleName() : name;
    }

    Constants constants() {
        return constants;
    }

    /// The field of a constant of this class.
    String constant(String type, Object value) {
        return constants.field(type, value);
    }

    String constantSet(List<Scalar> values) {
        return constant("ConstantSet", ConstantSet.of(values));
    }

    /// A constant: in the code if it is a number, else a field.
    Value literal(Scalar scalar) {
        JavaType type = JavaType.of(scalar.type());
        Object value = scalar.value();
        if (value instanceof BigDecimal decimal && decimal.unscaledValue().bitLength() < Long.SIZE) {
            String digits = decimal.unscaledValue() + "L";
            return new Value(type, "false", literal(type, value), new Value.Unscaled(digits, "false", decimal.scale()));
        }
        return value == null ? Value.absent(type) : Value.present(type, literal(type, value));
    }

    private String literal(JavaType type, Object value) {
        return switch (type) {
            case BOOLEAN -> value.toString();
            case BYTE, SHORT -> "(" + type.type + ") " + value;
            case INT -> (Integer) value == Integer.MIN_VALUE ? "Integer.MIN_VALUE" : value.toString();
            case LONG -> (Long) value == Long.MIN_VALUE ? "Long.MIN_VALUE" : value + "L";
            case FLOAT -> Float.isFinite((Float) value) ? value + "f" : "Float." + name((Float) value);
            case DOUBLE -> Double.isFinite((Double) value) ? value + "d" : "Double." + name((Double) value);
            case DECIMAL, SLICE, LIST, MAP, VOID -> constant(type.type, value);
        };
    }

    private static String name(double notFinite) {
        return Double.isNaN(notFinite) ? "NaN" : notFinite > 0 ? "POSITIVE_INFINITY" : "NEGATIVE_INFINITY";
    }

    void writeImports(SourceWriter code) {
        imports.values().stream()
                .filter(name -> SAME_PACKAGE.stream().noneMatch(type -> name.equals(type.getCanonicalName())))
                .sorted()
                .forEach(name -> code.line("import " + name + ";"));
    }
}

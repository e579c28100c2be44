package dev.headrace.codegen;

import dev.headrace.function.ScalarFunction;
import dev.headrace.plan.BoundExpr;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/// The Java expression that calls a function of the library.
///
/// @param type what the call gives
/// @param method the function's class and method
/// @param givesNull whether the method may return null
record FunctionCall(ScalarFunction function, JavaType type, String method, boolean givesNull, ClassParts parts) {
    static FunctionCall of(BoundExpr.Call node, ClassParts parts) {
        Method method = node.function().method();
        boolean givesNull = !method.getReturnType().isPrimitive()
                && switch (node.function().nulls()) {
                    case STRICT, CALLED_NEVER_NULL -> false;
                    case STRICT_MAYBE_NULL, CALLED -> true;
                };
        return new FunctionCall(
                node.function(),
                JavaType.of(node.type()),
                on(node.function(), parts) + "." + method.getName(),
                givesNull,
                parts);
    }

    /// What stands before the dot: the class, or the object, which is a constant.
    private static String on(ScalarFunction function, ClassParts parts) {
        String type = parts.className(function.method().getDeclaringClass());
        return function.receiver().map(object -> parts.constant(type, object)).orElse(type);
    }

    /// The call; unless it may give null, of the Java type of its SQL type, else of the class that boxes it.
    String text(List<Value> values) {
        List<String> arguments = new ArrayList<>();
        if (function.takesContext()) {
            arguments.add("context");
        }
        Class<?>[] parameters = function.method().getParameterTypes();
        int first = arguments.size();
        for (int i = 0; i < values.size(); i++) {
            arguments.add(argument(parameters[first + i], values.get(i)));
        }
        return result(method + "(" + String.join(", ", arguments) + ")");
    }

    private String argument(Class<?> parameter, Value value) {
        if (parameter.isPrimitive()) {
            return parameter.getName().equals(value.type().type)
                    ? value.text()
                    : "(" + parameter.getName() + ") " + value.text();
        }
        Value given = function.calledOnNull() ? value : Value.present(value.type(), value.text());
        boolean exact = parameter.getSimpleName().equals(value.type().box) && !given.alwaysNull();
        return exact ? given.boxed() : "(" + parts.className(parameter) + ") " + given.boxed();
    }

    private String result(String call) {
        Class<?> returned = function.method().getReturnType();
        if (returned.isPrimitive()) {
            return call;
        }
        String object = returned.getSimpleName().equals(type.box) ? call : "(" + type.box + ") " + call;
        return givesNull || !type.isPrimitive() ? object : "(" + object + ")." + type.type + "Value()";
    }
}

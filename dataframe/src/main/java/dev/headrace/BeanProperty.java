package dev.headrace;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A property of a bean: the methods that get and set it.
record BeanProperty(Method getter, Method setter) {

    /// The properties of a class by their names, in the order of these: those that can be got and set as one type.
    static Map<String, BeanProperty> of(Class<?> type) {
        Map<String, List<Method>> getters = new TreeMap<>();
        Map<String, List<Method>> setters = new TreeMap<>();
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())
                    || method.isBridge()
                    || method.getDeclaringClass() == Object.class) {
                continue;
            }
            String name = method.getName();
            if (method.getParameterCount() == 0 && name.matches("get\\p{Lu}.*")) {
                getters.computeIfAbsent(property(name, 3), _ -> new ArrayList<>())
                        .addFirst(method);
            } else if (method.getParameterCount() == 0 && name.matches("is\\p{Lu}.*") && isBoolean(method)) {
                getters.computeIfAbsent(property(name, 2), _ -> new ArrayList<>())
                        .addLast(method);
            } else if (method.getParameterCount() == 1 && name.matches("set\\p{Lu}.*")) {
                setters.computeIfAbsent(property(name, 3), _ -> new ArrayList<>())
                        .add(method);
            }
        }
        Map<String, BeanProperty> properties = new TreeMap<>();
        getters.forEach((name, some) ->
                of(some, setters.getOrDefault(name, List.of())).ifPresent(pair -> properties.put(name, pair)));
        return properties;
    }

    /// Of several setters the one of the getter's type; else one that takes its values.
    private static Optional<BeanProperty> of(List<Method> getters, List<Method> setters) {
        return Stream.concat(
                        pairs(getters, setters).filter(BeanProperty::isOfOneType),
                        pairs(getters, setters).filter(BeanProperty::takesItsValues))
                .findFirst();
    }

    private static Stream<BeanProperty> pairs(List<Method> getters, List<Method> setters) {
        return getters.stream().flatMap(getter -> setters.stream().map(setter -> new BeanProperty(getter, setter)));
    }

    private boolean isOfOneType() {
        return setter.getParameterTypes()[0] == getter.getReturnType();
    }

    private boolean takesItsValues() {
        return boxed(setter.getParameterTypes()[0]).isAssignableFrom(boxed(getter.getReturnType()));
    }

    private static boolean isBoolean(Method getter) {
        return boxed(getter.getReturnType()) == Boolean.class;
    }

    private static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }

    /// As Java's beans have it: `getName` is of `name`, `getURL` of `URL`.
    private static String property(String method, int prefix) {
        if (method.length() > prefix + 1
                && Character.isUpperCase(method.charAt(prefix))
                && Character.isUpperCase(method.charAt(prefix + 1))) {
            return method.substring(prefix);
        }
        return Character.toLowerCase(method.charAt(prefix)) + method.substring(prefix + 1);
    }
}

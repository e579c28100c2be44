package dev.headrace.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// One line of the [FunctionTable], taken apart.
///
/// ```
/// name alias … (parameter type, parameter type…) result = target flags -- description
/// ```
///
/// A type that ends in `...` stands for any number of arguments, also none. The target is one of
/// - `Class.method`: a static method of this package for [ScalarFunction], whose nulls are `strict` unless a flag says
///   `maybe_null`, `called` or `called_never_null`; the flag `nondeterministic` says so;
/// - `bind Class.method`: a static method `BoundExpr method(String name, List<BoundExpr> arguments)` that binds the
///   call; types in the signature are then for the reader only;
/// - `lambda HigherOrder.method`: a function whose parameters of type `lambda` are lambdas, bound by
///   [HigherOrderBinder];
/// - `aggregate`: bound by [dev.headrace.function.aggregate.Aggregates];
/// - `special`: a function that stands only in certain places, where the analyzer sees to it.
///
/// @param names the name, then its aliases
/// @param variadic whether the last parameter takes any number of arguments
record Signature(
        List<String> names,
        List<Parameter> parameters,
        boolean variadic,
        String result,
        Kind kind,
        String target,
        Set<Flag> flags,
        String description) {

    enum Kind {
        METHOD,
        BINDER,
        LAMBDA,
        AGGREGATE,
        SPECIAL
    }

    enum Flag {
        MAYBE_NULL,
        CALLED,
        CALLED_NEVER_NULL,
        NONDETERMINISTIC
    }

    record Parameter(String name, String type) {}

    static List<String> names(String line) {
        return List.of(line.substring(0, line.indexOf(" (")).split(" "));
    }

    static Signature parse(String line) {
        int open = line.indexOf(" (");
        int close = line.indexOf(") ", open);
        int equals = line.indexOf(" = ", close);
        int dash = line.indexOf(" -- ", equals);
        String[] target = line.substring(equals + 3, dash < 0 ? line.length() : dash)
                .strip()
                .split(" ");
        Kind kind = switch (target[0]) {
            case "aggregate" -> Kind.AGGREGATE;
            case "bind" -> Kind.BINDER;
            case "lambda" -> Kind.LAMBDA;
            case "special" -> Kind.SPECIAL;
            default -> Kind.METHOD;
        };
        String parameters = line.substring(open + 2, close);
        return new Signature(
                names(line),
                parameters(parameters),
                parameters.endsWith("..."),
                line.substring(close + 2, equals),
                kind,
                kind == Kind.BINDER || kind == Kind.LAMBDA ? target[1] : target[0],
                flags(
                        kind == Kind.BINDER || kind == Kind.LAMBDA
                                ? List.of()
                                : Arrays.asList(target).subList(1, target.length)),
                dash < 0 ? "" : line.substring(dash + 4));
    }

    private static List<Parameter> parameters(String text) {
        List<Parameter> parameters = new ArrayList<>();
        for (String part : splitTop(text.replace("...", ""))) {
            int blank = part.indexOf(' ');
            parameters.add(new Parameter(part.substring(0, blank), part.substring(blank + 1)));
        }
        return parameters;
    }

    private static Set<Flag> flags(List<String> words) {
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        words.forEach(word -> flags.add(Flag.valueOf(word.toUpperCase(java.util.Locale.ROOT))));
        return flags;
    }

    /// The parts between commas that are not within brackets.
    static List<String> splitTop(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '<', '(' -> depth++;
                case '>', ')' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        parts.add(text.substring(start, i).strip());
                        start = i + 1;
                    }
                }
                default -> {}
            }
        }
        if (!text.isBlank()) {
            parts.add(text.substring(start).strip());
        }
        return parts;
    }

    boolean takes(int arguments) {
        return variadic ? arguments >= parameters.size() - 1 : arguments == parameters.size();
    }

    Parameter parameter(int argument) {
        return parameters.get(Math.min(argument, parameters.size() - 1));
    }

    ScalarFunction.Nulls nulls() {
        if (flags.contains(Flag.CALLED)) {
            return ScalarFunction.Nulls.CALLED;
        }
        if (flags.contains(Flag.CALLED_NEVER_NULL)) {
            return ScalarFunction.Nulls.CALLED_NEVER_NULL;
        }
        return flags.contains(Flag.MAYBE_NULL) ? ScalarFunction.Nulls.STRICT_MAYBE_NULL : ScalarFunction.Nulls.STRICT;
    }

    /// As shown to users: `lpad(str string, len int)`.
    String text() {
        List<String> shown = new ArrayList<>();
        parameters.forEach(parameter -> shown.add(parameter.name() + " " + parameter.type()));
        return names.getFirst() + "(" + String.join(", ", shown) + (variadic ? "..." : "") + ")";
    }
}

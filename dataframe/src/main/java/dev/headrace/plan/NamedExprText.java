package dev.headrace.plan;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Named expressions as Spark prints them, which is also how unnamed result columns are called: `sum(amount)`,
/// `(a + 1)`.
final class NamedExprText {
    private static final Set<String> INFIX = Set.of(
            "+", "-", "*", "/", "%", "=", "<=>", "<", "<=", ">", ">=", "!=", "<>", "and", "or", "&", "|", "^", "like",
            "rlike", "ilike", "div");

    private NamedExprText() {}

    static String of(NamedExpr expr) {
        return switch (expr) {
            case NamedExpr.Name(List<String> parts, java.util.OptionalLong _) -> String.join(".", parts);
            case NamedExpr.Star(List<String> qualifier) ->
                qualifier.isEmpty() ? "*" : String.join(".", qualifier) + ".*";
            case NamedExpr.Literal(Scalar value) -> value.toString();
            case NamedExpr.Alias(NamedExpr input, String name) -> of(input) + " AS " + name;
            case NamedExpr.Cast cast ->
                (cast.failure() == CastFailure.NULL ? "TRY_CAST(" : "CAST(") + of(cast.input()) + " AS "
                        + cast.type().sql() + ")";
            case NamedExpr.Extract(NamedExpr input, NamedExpr.Literal(Scalar key))
                    when key.type() instanceof dev.headrace.types.StringType -> of(input) + "." + key;
            case NamedExpr.Extract(NamedExpr input, NamedExpr key) -> of(input) + "[" + of(key) + "]";
            case NamedExpr.SortOrder order -> of(order.input()) + " " + order.direction() + " NULLS " + order.nulls();
            case NamedExpr.Lambda(List<String> parameters, NamedExpr body) ->
                "lambda(" + String.join(", ", parameters) + " -> " + of(body) + ")";
            case NamedExpr.Call call -> call(call);
        };
    }

    private static String call(NamedExpr.Call call) {
        List<NamedExpr> arguments = call.arguments();
        String name = call.function();
        if (arguments.size() == 2 && INFIX.contains(name)) {
            String symbol = Character.isLetter(name.charAt(0)) ? name.toUpperCase(java.util.Locale.ROOT) : name;
            return "(" + of(arguments.get(0)) + " " + symbol + " " + of(arguments.get(1)) + ")";
        }
        return switch (name) {
            case "not" -> "(NOT " + of(arguments.getFirst()) + ")";
            case "negative" -> "(- " + of(arguments.getFirst()) + ")";
            case "isnull" -> "(" + of(arguments.getFirst()) + " IS NULL)";
            case "isnotnull" -> "(" + of(arguments.getFirst()) + " IS NOT NULL)";
            case "in" -> "(" + of(arguments.getFirst()) + " IN (" + join(arguments.subList(1, arguments.size())) + "))";
            case "when" -> caseWhen(arguments);
            case "from_json" -> name + "(" + of(arguments.getFirst()) + ")";
            default -> name + "(" + (call.distinct() ? "DISTINCT " : "") + join(arguments) + ")";
        };
    }

    private static String caseWhen(List<NamedExpr> arguments) {
        StringBuilder out = new StringBuilder("CASE");
        int i = 0;
        for (; i + 1 < arguments.size(); i += 2) {
            out.append(" WHEN ").append(of(arguments.get(i)));
            out.append(" THEN ").append(of(arguments.get(i + 1)));
        }
        if (i < arguments.size()) {
            out.append(" ELSE ").append(of(arguments.get(i)));
        }
        return out.append(" END").toString();
    }

    private static String join(List<NamedExpr> exprs) {
        return exprs.stream().map(NamedExprText::of).collect(Collectors.joining(", "));
    }
}

package dev.headrace.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Named expressions as they were written, in Spark's style: `sum(amount)`, `(a + 1)`. [ResultNames] says what unnamed
/// result columns are called.
final class NamedExprText {
    private static final Set<String> INFIX = Set.of(
            "+", "-", "*", "/", "%", "=", "<=>", "<", "<=", ">", ">=", "!=", "<>", "and", "or", "&", "|", "^", "div");

    /// Functions that are called the same whether they pass over nulls, which a second argument says.
    private static final Set<String> IGNORING_NULLS = Set.of("first", "last", "first_value", "last_value", "any_value");

    private NamedExprText() {}

    static String of(NamedExpr expr) {
        return switch (expr) {
            case NamedExpr.Name(List<String> parts, java.util.OptionalLong _) -> String.join(".", parts);
            case NamedExpr.At(int _, String name) -> name;
            case NamedExpr.Outer(NamedExpr.Name name) -> of(name);
            case NamedExpr.Star(List<String> qualifier) ->
                qualifier.isEmpty() ? "*" : String.join(".", qualifier) + ".*";
            case NamedExpr.Literal(Scalar value) -> value.toString();
            case NamedExpr.Alias(NamedExpr input, String name) -> of(input) + " AS " + name;
            case NamedExpr.Described(NamedExpr input, var _) -> of(input);
            case NamedExpr.Cast cast ->
                (cast.failure() == CastFailure.NULL ? "TRY_CAST(" : "CAST(") + of(cast.input()) + " AS "
                        + cast.type().sql() + ")";
            case NamedExpr.Extract(NamedExpr input, NamedExpr.Literal(Scalar key))
                    when key.type() instanceof dev.headrace.types.StringType -> of(input) + "." + key;
            case NamedExpr.Extract(NamedExpr input, NamedExpr key) -> of(input) + "[" + of(key) + "]";
            case NamedExpr.SortOrder order -> of(order.input()) + " " + order.direction() + " NULLS " + order.nulls();
            case NamedExpr.Lambda(List<String> parameters, NamedExpr body) ->
                "lambdafunction(" + of(body) + ", " + String.join(", ", parameters) + ")";
            case NamedExpr.Apply apply ->
                apply.function().name()
                        + apply.arguments().stream().map(NamedExprText::of).collect(list());
            case NamedExpr.Ordinal(int position) -> String.valueOf(position);
            case NamedExpr.StarExcept(NamedExpr.Star star, List<List<String>> except) ->
                of(star) + " EXCEPT "
                        + except.stream().map(name -> String.join(".", name)).collect(list());
            case NamedExpr.MultiAlias(NamedExpr input, List<String> names) ->
                of(input) + " AS " + names.stream().collect(list());
            case NamedExpr.Filtered(NamedExpr function, NamedExpr condition) ->
                of(function) + " FILTER (WHERE " + of(condition) + ")";
            case NamedExpr.Interval interval -> interval(interval);
            case NamedExpr.Over over -> over(over);
            case NamedExpr.ScalarSubquery _ -> "scalarsubquery()";
            case NamedExpr.InSubquery(List<NamedExpr> values, NamedPlan _) ->
                (values.size() == 1
                                ? "(" + of(values.getFirst())
                                : "(named_struct"
                                        + values.stream().map(NamedExprText::of).collect(list()))
                        + " IN (listquery()))";
            case NamedExpr.Exists _ -> "exists()";
            case NamedExpr.Call call -> call(call);
        };
    }

    private static java.util.stream.Collector<CharSequence, ?, String> list() {
        return Collectors.joining(", ", "(", ")");
    }

    private static String interval(NamedExpr.Interval interval) {
        Optional<Scalar> value = interval.value();
        if (value.isPresent()) {
            return value.get().toString();
        }
        StringBuilder out = new StringBuilder("INTERVAL");
        if (interval.months() != 0) {
            out.append(" ").append(interval.months()).append(" months");
        }
        if (interval.days() != 0) {
            out.append(" ").append(interval.days()).append(" days");
        }
        if (interval.micros() != 0 || interval.months() == 0 && interval.days() == 0) {
            out.append(" ").append(IntervalText.of(interval.micros()));
        }
        return out.toString();
    }

    /// Without a frame that was not written, unlike Spark, which writes the one that counts.
    private static String over(NamedExpr.Over over) {
        StringBuilder out = new StringBuilder(of(over.function()));
        out.append(over.ignoreNulls() ? " IGNORE NULLS OVER (" : " OVER (");
        String separator = "";
        if (!over.partition().isEmpty()) {
            out.append("PARTITION BY ").append(join(over.partition()));
            separator = " ";
        }
        if (!over.order().isEmpty()) {
            out.append(separator).append("ORDER BY ").append(join(over.order()));
            separator = " ";
        }
        if (over.frame().isPresent()) {
            out.append(separator).append(over.frame().get().map(NamedExprText::of));
        }
        return out.append(")").toString();
    }

    private static String call(NamedExpr.Call call) {
        List<NamedExpr> arguments = call.arguments();
        String name = call.function();
        if (arguments.size() == 2 && INFIX.contains(name)) {
            String symbol = Character.isLetter(name.charAt(0)) && !name.equals("div")
                    ? name.toUpperCase(java.util.Locale.ROOT)
                    : name;
            return "(" + of(arguments.get(0)) + " " + symbol + " " + of(arguments.get(1)) + ")";
        }
        if (arguments.size() == 2 && IGNORING_NULLS.contains(name)) {
            return of(call.of(arguments.subList(0, 1)));
        }
        return switch (name) {
            case "not" -> "(NOT " + of(arguments.getFirst()) + ")";
            case "positive" -> "(+ " + of(arguments.getFirst()) + ")";
            case "negative" -> "(- " + of(arguments.getFirst()) + ")";
            case "~" -> "~" + of(arguments.getFirst());
            case "isnull" -> "(" + of(arguments.getFirst()) + " IS NULL)";
            case "isnotnull" -> "(" + of(arguments.getFirst()) + " IS NOT NULL)";
            case "in" -> "(" + of(arguments.getFirst()) + " IN (" + join(arguments.subList(1, arguments.size())) + "))";
            case "between" ->
                "((" + of(arguments.get(0)) + " >= " + of(arguments.get(1)) + ") AND (" + of(arguments.get(0)) + " <= "
                        + of(arguments.get(2)) + "))";
            case "like" ->
                of(arguments.get(0)) + " LIKE " + of(arguments.get(1))
                        + (arguments.size() == 2 ? "" : " ESCAPE '" + of(arguments.get(2)) + "'");
            case "rlike" -> "RLIKE(" + join(arguments) + ")";
            case "when" -> caseWhen(arguments);
            case "from_json", "from_protobuf", "to_protobuf" -> name + "(" + of(arguments.getFirst()) + ")";
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

package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.sql.LiteralText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Conditions as SQL that says the same, for options that are texts.
final class ConditionText {
    private static final Set<String> OPERATORS = Set.of("=", "<=>", "<", "<=", ">", ">=", "and", "or");

    private ConditionText() {}

    /// @param table what columns may be qualified with; the text has it no more
    /// @throws QueryException `UNSUPPORTED_OPERATION` for other than comparisons of columns and constants
    static String of(NamedExpr expr, Optional<String> table) {
        return switch (expr) {
            case NamedExpr.Name(List<String> parts, OptionalLong _) -> name(parts, table);
            case NamedExpr.Literal(Scalar value) -> constant(value);
            case NamedExpr.Call call -> call(call, table);
            default -> throw unsupported(expr);
        };
    }

    private static String name(List<String> parts, Optional<String> table) {
        boolean qualified = parts.size() > 1
                && table.filter(parts.getFirst()::equalsIgnoreCase).isPresent();
        return parts.stream().skip(qualified ? 1 : 0).map(ColumnName::quoted).collect(Collectors.joining("."));
    }

    private static String call(NamedExpr.Call call, Optional<String> table) {
        List<String> arguments =
                call.arguments().stream().map(argument -> of(argument, table)).toList();
        String name = call.function();
        if (OPERATORS.contains(name) && arguments.size() == 2) {
            return "(" + arguments.get(0) + " " + name.toUpperCase(Locale.ROOT) + " " + arguments.get(1) + ")";
        }
        if (name.equals("in") && arguments.size() > 1) {
            return "(" + arguments.getFirst()
                    + arguments.stream().skip(1).collect(Collectors.joining(", ", " IN (", "))"));
        }
        return switch (name) {
            case "not" -> "(NOT " + arguments.getFirst() + ")";
            case "between" ->
                "(" + arguments.get(0) + " BETWEEN " + arguments.get(1) + " AND " + arguments.get(2) + ")";
            case "isnull" -> "(" + arguments.getFirst() + " IS NULL)";
            case "isnotnull" -> "(" + arguments.getFirst() + " IS NOT NULL)";
            default -> throw unsupported(call);
        };
    }

    private static String constant(Scalar value) {
        return LiteralText.of(value).orElseThrow(() -> unsupported(new NamedExpr.Literal(value)));
    }

    private static QueryException unsupported(NamedExpr expr) {
        return new QueryException(
                "UNSUPPORTED_OPERATION",
                "overwrite(…): " + expr.text()
                        + " can't be a part of the condition, which is made of comparisons of columns with"
                        + " numbers, texts, dates, times and booleans. Give other conditions as the option replaceWhere, in SQL.");
    }
}

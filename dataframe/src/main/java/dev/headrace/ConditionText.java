package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Conditions as SQL that says the same, for options that are texts.
final class ConditionText {
    private static final Set<String> OPERATORS = Set.of("=", "<=>", "<", "<=", ">", ">=", "and", "or");

    private ConditionText() {}

    /// @throws QueryException `UNSUPPORTED_OPERATION` for other than comparisons of columns and constants
    static String of(NamedExpr expr) {
        return switch (expr) {
            case NamedExpr.Name(List<String> parts, OptionalLong _) -> ColumnName.quoted(parts.getLast());
            case NamedExpr.Literal(Scalar value) -> constant(value);
            case NamedExpr.Call call -> call(call);
            default -> throw unsupported(expr);
        };
    }

    private static String call(NamedExpr.Call call) {
        List<String> arguments =
                call.arguments().stream().map(ConditionText::of).toList();
        String name = call.function();
        if (OPERATORS.contains(name) && arguments.size() == 2) {
            return "(" + arguments.get(0) + " " + name.toUpperCase(Locale.ROOT) + " " + arguments.get(1) + ")";
        }
        return switch (name) {
            case "not" -> "(NOT " + arguments.getFirst() + ")";
            case "isnull" -> "(" + arguments.getFirst() + " IS NULL)";
            case "isnotnull" -> "(" + arguments.getFirst() + " IS NOT NULL)";
            case "in" ->
                "(" + arguments.getFirst()
                        + arguments.stream().skip(1).collect(Collectors.joining(", ", " IN (", "))"));
            default -> throw unsupported(call);
        };
    }

    private static String constant(Scalar value) {
        if (value.value() == null) {
            return "NULL";
        }
        return switch (value.type()) {
            case StringType _ -> "'" + value.toString().replace("\\", "\\\\").replace("'", "\\'") + "'";
            case BooleanType _, ByteType _, ShortType _, IntegerType _, LongType _, DecimalType _, DateType _ ->
                value.toString();
            default -> throw unsupported(new NamedExpr.Literal(value));
        };
    }

    private static QueryException unsupported(NamedExpr expr) {
        return new QueryException(
                "UNSUPPORTED_OPERATION",
                "overwrite(…): " + expr.text()
                        + " can't be a part of the condition, which is made of comparisons of columns with"
                        + " numbers, texts, dates and booleans. Give other conditions as the option replaceWhere, in SQL.");
    }
}

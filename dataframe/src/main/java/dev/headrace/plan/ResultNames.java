package dev.headrace.plan;

import static java.util.Map.entry;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How result columns without an alias are called: as Spark prints their expressions once it knows what the names in
/// them refer to, with all arguments and frames. Messages have expressions as they were written.
///
/// @param scope what the names refer to
record ResultNames(Scope scope) {
    private static final Set<String> IN_CAPITALS = Set.of(
            ("acos acosh asin asinh atan atan2 atanh cbrt ceil cos cosh cot csc degrees e exp expm1 floor hypot log log10"
                            + " log1p log2 pi power radians sec signum sin sinh sqrt tan tanh rank dense_rank percent_rank"
                            + " regexp_like spark_partition_id")
                    .split(" "));
    private static final Map<String, String> OTHERWISE =
            Map.of("array_agg", "collect_list", "dateadd", "date_add", "position", "locate");
    private static final Set<String> CASTS = Set.of(
            "boolean",
            "tinyint",
            "smallint",
            "int",
            "bigint",
            "float",
            "double",
            "decimal",
            "date",
            "timestamp",
            "string",
            "binary");

    /// An argument without a default.
    private static final String GIVEN = "*";

    private static final String TIME_PATTERN = "yyyy-MM-dd HH:mm:ss";

    /// The arguments of functions that may lack the last ones, with the values that count then.
    private static final Map<String, List<String>> DEFAULTS = Map.ofEntries(
            entry("round", List.of(GIVEN, "0")),
            entry("bround", List.of(GIVEN, "0")),
            entry("split", List.of(GIVEN, GIVEN, "-1")),
            entry("substr", List.of(GIVEN, GIVEN, "2147483647")),
            entry("substring", List.of(GIVEN, GIVEN, "2147483647")),
            entry("locate", List.of(GIVEN, GIVEN, "1")),
            entry("overlay", List.of(GIVEN, GIVEN, GIVEN, "-1")),
            entry("lpad", List.of(GIVEN, GIVEN, " ")),
            entry("rpad", List.of(GIVEN, GIVEN, " ")),
            entry("mask", List.of(GIVEN, "X", "x", "n", "NULL")),
            entry("sentences", List.of(GIVEN, "", "")),
            entry("str_to_map", List.of(GIVEN, ",", ":")),
            entry("regexp_replace", List.of(GIVEN, GIVEN, GIVEN, "1")),
            entry("unix_timestamp", List.of(GIVEN, TIME_PATTERN)),
            entry("to_unix_timestamp", List.of(GIVEN, TIME_PATTERN)),
            entry("from_unixtime", List.of(GIVEN, TIME_PATTERN)),
            entry("months_between", List.of(GIVEN, GIVEN, "true")),
            entry("sort_array", List.of(GIVEN, "true")),
            entry("percentile", List.of(GIVEN, GIVEN, "1")),
            entry("percentile_approx", List.of(GIVEN, GIVEN, "10000")),
            entry("approx_percentile", List.of(GIVEN, GIVEN, "10000")),
            entry("listagg", List.of(GIVEN, "NULL")),
            entry("ntile", List.of("1")),
            entry("lag", List.of(GIVEN, "1", "NULL")),
            entry("lead", List.of(GIVEN, "1", "NULL")));

    private static final Map<String, String> TRIMS = Map.of("trim", "BOTH", "ltrim", "LEADING", "rtrim", "TRAILING");
    private static final Set<String> BY_ROWS = Set.of("row_number", "rank", "dense_rank", "percent_rank", "ntile");

    String of(NamedExpr written) {
        return switch (written) {
            case NamedExpr.Alias _, NamedExpr.Name _, NamedExpr.At _ -> written.outputName();
            case NamedExpr.Cast(NamedExpr.Name name, DataType _, CastFailure _)
                    when isColumn(name) -> name.outputName();
            case NamedExpr.Call call when NamedExpr.TIME_WINDOWS.contains(call.function()) -> written.outputName();
            case NamedExpr other -> text(other);
        };
    }

    private String text(NamedExpr expr) {
        return NamedExprText.of(resolved(expr));
    }

    private List<NamedExpr> resolved(List<NamedExpr> expressions) {
        return expressions.stream().map(this::resolved).toList();
    }

    /// The same with what is printed otherwise than it was written as names of that text.
    private NamedExpr resolved(NamedExpr expr) {
        return switch (expr) {
            case NamedExpr.Name name -> column(name);
            case NamedExpr.Extract(NamedExpr input, NamedExpr.Literal(Scalar key))
                    when key.type() instanceof StringType -> named(text(input) + step(type(input), String.valueOf(key)));
            case NamedExpr.Extract(NamedExpr input, NamedExpr key) ->
                new NamedExpr.Extract(resolved(input), resolved(key));
            case NamedExpr.Call call -> call(call);
            case NamedExpr.Over over -> named(over(over));
            case NamedExpr.Cast(NamedExpr input, DataType type, CastFailure failure) ->
                new NamedExpr.Cast(resolved(input), type, failure);
            case NamedExpr.Alias(NamedExpr input, String name) -> new NamedExpr.Alias(resolved(input), name);
            case NamedExpr.Described(NamedExpr input, var metadata) ->
                new NamedExpr.Described(resolved(input), metadata);
            case NamedExpr.SortOrder(NamedExpr input, Direction direction, NullOrder nulls) ->
                new NamedExpr.SortOrder(resolved(input), direction, nulls);
            case NamedExpr.Filtered(NamedExpr function, NamedExpr condition) ->
                new NamedExpr.Filtered(resolved(function), resolved(condition));
            case NamedExpr.Apply(var function, List<NamedExpr> arguments) ->
                new NamedExpr.Apply(function, resolved(arguments));
            case NamedExpr.InSubquery(List<NamedExpr> values, NamedPlan plan) ->
                new NamedExpr.InSubquery(resolved(values), plan);
            case NamedExpr.At _,
                    NamedExpr.Outer _,
                    NamedExpr.Star _,
                    NamedExpr.StarExcept _,
                    NamedExpr.Literal _,
                    NamedExpr.Lambda _,
                    NamedExpr.Ordinal _,
                    NamedExpr.MultiAlias _,
                    NamedExpr.Interval _,
                    NamedExpr.ScalarSubquery _,
                    NamedExpr.Exists _ -> expr;
        };
    }

    private static NamedExpr named(String text) {
        return new NamedExpr.Name(List.of(text), OptionalLong.empty());
    }

    // ---- Names

    private boolean isColumn(NamedExpr.Name name) {
        List<Scope.Match> matches = scope.matches(name);
        return matches.isEmpty() || matches.getFirst().fields().isEmpty();
    }

    /// Without the relation that it is of.
    private NamedExpr column(NamedExpr.Name name) {
        List<Scope.Match> matches = scope.matches(name);
        if (matches.isEmpty()) {
            return name;
        }
        Scope.Match match = matches.getFirst();
        int own = name.parts().size() - match.fields().size();
        StringBuilder text = new StringBuilder(name.parts().get(own - 1));
        DataType type = scope.schema().field(match.ordinal()).dataType();
        for (String field : match.fields()) {
            text.append(step(Optional.of(type), field));
            type = within(type, field);
        }
        return named(text.toString());
    }

    private static String step(Optional<DataType> of, String key) {
        return of.filter(MapType.class::isInstance).isPresent() ? "[" + key + "]" : "." + key;
    }

    private static DataType within(DataType type, String key) {
        return switch (type) {
            case MapType map -> map.valueType();
            case ArrayType array -> new ArrayType(within(array.elementType(), key), true);
            case StructType struct ->
                struct.fieldList().stream()
                        .filter(field -> field.name().equalsIgnoreCase(key))
                        .findFirst()
                        .map(dev.headrace.types.StructField::dataType)
                        .orElse(type);
            case DataType other -> other;
        };
    }

    /// Empty of what can't be bound apart, such as an aggregate.
    private Optional<DataType> type(NamedExpr expr) {
        try {
            return Optional.of(ExprBinder.in(scope, "select(…)").bind(expr).type());
        } catch (QueryException elsewhere) {
            return Optional.empty();
        }
    }

    // ---- Functions

    private NamedExpr call(NamedExpr.Call call) {
        String name = call.function();
        if (NamedExpr.TIME_WINDOWS.contains(name) && !name.equals("window_time")) {
            return named(name);
        }
        List<NamedExpr> arguments = arguments(call);
        if (CASTS.contains(name) && arguments.size() == 1) {
            return arguments.getFirst();
        }
        if (TRIMS.containsKey(name) && arguments.size() == 2) {
            return named("TRIM(" + TRIMS.get(name) + " " + arguments.get(0).text() + " FROM "
                    + arguments.get(1).text() + ")");
        }
        if (name.equals("log") && arguments.size() == 1) {
            return named("LOG(E(), " + arguments.getFirst().text() + ")");
        }
        return switch (name) {
            case "if" -> named("(IF" + list(arguments) + ")");
            case "between" -> named("between" + list(arguments));
            default ->
                new NamedExpr.Call(function(name, arguments.size()), arguments, call.distinct(), call.aggregate());
        };
    }

    private static String function(String name, int arguments) {
        boolean rounds = name.equals("ceil") || name.equals("floor");
        return IN_CAPITALS.contains(name) && !(rounds && arguments > 1)
                ? name.toUpperCase(Locale.ROOT)
                : OTHERWISE.getOrDefault(name, name);
    }

    private static String list(List<NamedExpr> arguments) {
        return arguments.stream().map(NamedExpr::text).collect(Collectors.joining(", ", "(", ")"));
    }

    /// With the columns of stars, and with the arguments that were left out.
    private List<NamedExpr> arguments(NamedExpr.Call call) {
        boolean countsRows = call.function().equals("count") && !call.distinct();
        List<NamedExpr> arguments = new ArrayList<>();
        for (NamedExpr argument : call.arguments()) {
            switch (argument) {
                case NamedExpr.Star _ when countsRows -> arguments.add(named("1"));
                case NamedExpr.Star star ->
                    StarColumns.of(star, scope).forEach(column -> arguments.add(ofStar(star, column)));
                default -> arguments.add(resolved(argument));
            }
        }
        List<String> all = DEFAULTS.getOrDefault(OTHERWISE.getOrDefault(call.function(), call.function()), List.of());
        if (arguments.size() < all.size()) {
            List<String> missing = all.subList(arguments.size(), all.size());
            if (!missing.contains(GIVEN)) {
                missing.forEach(value -> arguments.add(named(value)));
            }
        }
        return arguments;
    }

    private NamedExpr ofStar(NamedExpr.Star star, OutputColumn column) {
        if (!(column.expr() instanceof BoundExpr.GetField)) {
            return named(column.name());
        }
        String struct = text(new NamedExpr.Name(star.qualifier(), OptionalLong.empty()));
        return named(struct + "." + column.name() + " AS " + column.name());
    }

    // ---- Windows

    private String over(NamedExpr.Over over) {
        String name = over.function() instanceof NamedExpr.Call call ? call.function() : "";
        String function = text(over.function());
        if (over.ignoreNulls() && (name.equals("first_value") || name.equals("last_value"))) {
            function = function.replaceFirst("_value", "");
        } else if (over.ignoreNulls() && name.equals("nth_value")) {
            function += " ignore nulls";
        }
        String parts = Stream.of(
                        listed("PARTITION BY ", over.partition()), listed("ORDER BY ", over.order()), frame(over, name))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" "));
        return function + " OVER (" + parts + ")";
    }

    private Optional<String> listed(String before, List<NamedExpr> expressions) {
        return expressions.isEmpty()
                ? Optional.empty()
                : Optional.of(expressions.stream().map(this::text).collect(Collectors.joining(", ", before, "")));
    }

    /// The frame that counts.
    private Optional<String> frame(NamedExpr.Over over, String function) {
        if (over.frame().isPresent()) {
            return Optional.of(over.frame().get().map(this::text).toString());
        }
        if (function.equals("lag") || function.equals("lead")) {
            return offset((NamedExpr.Call) over.function())
                    .map(offset -> function.equals("lag") ? -offset : offset)
                    .map(offset -> "ROWS BETWEEN " + offset + " FOLLOWING AND " + offset + " FOLLOWING");
        }
        if (BY_ROWS.contains(function)) {
            return Optional.of("ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW");
        }
        return Optional.of((over.order().isEmpty() ? WindowFrame.all() : WindowFrame.upToPeers()).toString());
    }

    private static Optional<Integer> offset(NamedExpr.Call call) {
        if (call.arguments().size() < 2) {
            return Optional.of(1);
        }
        return call.arguments().get(1) instanceof NamedExpr.Literal(Scalar value)
                        && value.value() instanceof Integer rows
                ? Optional.of(rows)
                : Optional.empty();
    }
}

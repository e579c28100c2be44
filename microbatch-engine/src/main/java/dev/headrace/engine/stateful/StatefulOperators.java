package dev.headrace.engine.stateful;

import dev.headrace.errors.CheckpointException;
import dev.headrace.exec.JoinKeys;
import dev.headrace.function.TimeWindow;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Firing;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.IntervalText;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.SortKey;
import dev.headrace.plan.WindowFrame;
import dev.headrace.plan.WindowFunction;
import dev.headrace.streaming.OutputMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the state of a query means: its operators with state, from the sources up, and of each the parameters that a
/// state of the same columns depends on. Described from the query as it was written, so that it does not depend on how
/// the query is optimized and planned.
public record StatefulOperators(List<Operator> operators) {
    private static final String PARAMETER = "  ";
    private static final String IS = ": ";

    /// @param parameters texts of one line by name, in the order in which they are compared
    record Operator(String kind, Map<String, String> parameters) {}

    public StatefulOperators {
        operators = List.copyOf(operators);
    }

    /// Those of the results of a query.
    ///
    /// @param results the plans as they were analyzed
    public static StatefulOperators of(List<StreamingPlanner.Result> results) {
        List<Operator> all = new ArrayList<>();
        results.forEach(result -> collect(result.plan(), result.mode() == OutputMode.COMPLETE, List.of(), all));
        return new StatefulOperators(all);
    }

    /// Reads what [#toString] has written.
    public static StatefulOperators parse(String text) {
        List<Operator> all = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int name = line.indexOf(IS);
            if (!line.startsWith(PARAMETER)) {
                all.add(new Operator(line, new LinkedHashMap<>()));
            } else if (name > 0 && !all.isEmpty()) {
                all.getLast()
                        .parameters()
                        .put(line.substring(PARAMETER.length(), name), line.substring(name + IS.length()));
            }
        }
        return new StatefulOperators(all);
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Operator operator : operators) {
            out.append(operator.kind()).append('\n');
            operator.parameters()
                    .forEach((name, text) -> out.append(PARAMETER)
                            .append(name)
                            .append(IS)
                            .append(text)
                            .append('\n'));
        }
        return out.toString();
    }

    /// Checks that the state that these have left is what a query that is started takes it for. Parameters that one of
    /// the two does not tell are not compared.
    ///
    /// @throws CheckpointException `STATEFUL_OPERATORS_CHANGED`, `STATEFUL_OPERATOR_CHANGED`
    public void check(StatefulOperators now, Path checkpoint) {
        if (!kinds().equals(now.kinds())) {
            throw changed(checkpoint, names(), now.names());
        }
        for (int i = 0; i < operators.size(); i++) {
            Operator old = operators.get(i);
            Map<String, String> current = now.operators().get(i).parameters();
            old.parameters().forEach((name, text) -> {
                if (!current.getOrDefault(name, text).equals(text)) {
                    throw new CheckpointException(
                            "STATEFUL_OPERATOR_CHANGED",
                            checkpoint + ": the state is that of " + article(old.kind()) + " with the " + name + " '"
                                    + text
                                    + "', and the query has '" + current.get(name)
                                    + "' now. Rows of both would be mixed:"
                                    + " bring back the old query, or start with a new checkpointLocation. What comes before"
                                    + " operators with state may change, such as filters and computed columns.");
                }
            });
        }
    }

    /// As [#check], for a checkpoint that tells nothing but how many states there are.
    ///
    /// @param planned how many states the query has now
    public static void checkCount(int there, int planned, Path checkpoint) {
        if (there != planned) {
            throw changed(checkpoint, count(there), count(planned));
        }
    }

    private static String count(int states) {
        return states == 0 ? "none" : String.valueOf(states);
    }

    private static CheckpointException changed(Path checkpoint, String before, String now) {
        return new CheckpointException(
                "STATEFUL_OPERATORS_CHANGED",
                checkpoint + ": the operators with state that have run with this checkpoint are: " + before
                        + "; those of the query are: " + now
                        + ". The checkpoint is that of another query: bring that one"
                        + " back, or start with a new checkpointLocation. Nothing was changed in the checkpoint.");
    }

    private static String article(String kind) {
        return ("aeiou".indexOf(kind.charAt(0)) < 0 ? "a " : "an ") + kind;
    }

    private List<String> kinds() {
        return operators.stream().map(Operator::kind).toList();
    }

    private String names() {
        return operators.isEmpty() ? "none" : String.join(", ", kinds());
    }

    /// @param complete whether what stands above an aggregation is computed anew in each batch
    /// @param conditions of the filters above the node with nothing but columns between, over what they are computed of
    private static void collect(LogicalPlan node, boolean complete, List<BoundExpr> conditions, List<Operator> all) {
        if (!node.isStreaming()) {
            return;
        }
        List<BoundExpr> below = switch (node) {
            case LogicalPlan.Filter filter -> {
                List<BoundExpr> more = new ArrayList<>(conditions);
                more.addAll(JoinKeys.conjuncts(Optional.of(filter.predicate())));
                yield more;
            }
            case LogicalPlan.Project project ->
                conditions.stream()
                        .map(condition -> condition.transformUp(part -> part instanceof BoundExpr.Column column
                                ? project.columns().get(column.ordinal()).expr()
                                : part))
                        .toList();
            default -> List.of();
        };
        node.inputs().forEach(input -> collect(input, complete, below, all));
        if (!(complete && node.inputs().stream().anyMatch(StreamingPlanner::isAggregated))) {
            describe(node, conditions).ifPresent(all::add);
        }
    }

    private static Optional<Operator> describe(LogicalPlan node, List<BoundExpr> conditions) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String kind = switch (node) {
            case LogicalPlan.Aggregate aggregate -> {
                parameters.put(
                        "grouping",
                        aggregate.keys().stream()
                                .map(OutputColumn::expr)
                                .map(key -> grouping(key, aggregate.input()))
                                .collect(Collectors.joining(", ")));
                parameters.put("emit", aggregate.firing().map(Firing::toString).orElse("by output mode"));
                yield "aggregation";
            }
            case LogicalPlan.Deduplicate duplicates -> {
                parameters.put(
                        "columns",
                        duplicates.keys().stream()
                                .map(key -> node.schema().field(key).name())
                                .sorted()
                                .collect(Collectors.joining(", ")));
                parameters.put("lifetime", duplicates.withinWatermark() ? "until the watermark" : "endless");
                yield "deduplication";
            }
            case LogicalPlan.Join join when join.inputs().stream().allMatch(LogicalPlan::isStreaming) -> {
                parameters.put("type", join.type().toString());
                parameters.put("condition", condition(join));
                yield "join";
            }
            case LogicalPlan.AsOfJoin join when join.inputs().stream().allMatch(LogicalPlan::isStreaming) -> {
                parameters.put("type", join.type().toString());
                parameters.put("condition", condition(join.pairs()));
                parameters.put(
                        "time",
                        join.asOf()
                                .map(part -> sided(part, join.left()))
                                .toString()
                                .replace("#0", ""));
                yield "as-of join";
            }
            case LogicalPlan.Limit limit -> {
                parameters.put("order", limit.input() instanceof LogicalPlan.Sort sort ? order(sort.keys()) : "none");
                parameters.put("rows", limit.count() + (limit.offset() == 0 ? "" : " after " + limit.offset()));
                yield "limit";
            }
            case LogicalPlan.Window window when window.columns().stream()
                    .noneMatch(column -> column.call().function() instanceof WindowFunction.Session) -> {
                parameters.put(
                        "partition",
                        window.partition().stream().map(StatefulOperators::text).collect(Collectors.joining(", ")));
                parameters.put("order", order(window.order()));
                parameters.put(
                        "functions",
                        window.columns().stream()
                                .map(StatefulOperators::function)
                                .collect(Collectors.joining(", ")));
                parameters.put("first ranks", ranks(window, conditions));
                yield "window function";
            }
            case LogicalPlan.MapGroups groups when groups.call() instanceof GroupCall.Stateful -> groups.call().name();
            default -> "";
        };
        parameters.replaceAll((_, text) -> text.replaceAll("\\R", " "));
        return kind.isEmpty() ? Optional.empty() : Optional.of(new Operator(kind, parameters));
    }

    /// The key of a group. What is computed before is its own matter, but for windows of time: those stand in other
    /// nodes as soon as a row is in several of them.
    private static String grouping(BoundExpr key, LogicalPlan input) {
        BoundExpr start = TimeWindow.startOfSliding(key).orElse(key);
        return start instanceof BoundExpr.Column column
                ? windows(column.ordinal(), input).orElse(column.name())
                : text(key);
    }

    /// The windows that a column has, if it has some.
    private static Optional<String> windows(int column, LogicalPlan input) {
        return switch (input) {
            case LogicalPlan.Project project -> {
                BoundExpr expr = project.columns().get(column).expr();
                BoundExpr start = TimeWindow.startOfSliding(expr).orElse(expr);
                yield start instanceof BoundExpr.Column below
                        ? windows(below.ordinal(), project.input())
                        : TimeWindow.match(expr).map(_ -> text(expr));
            }
            case LogicalPlan.Explode explode ->
                column < explode.input().schema().size()
                        ? windows(column, explode.input())
                        : Optional.of(explode.collection())
                                .filter(array -> TimeWindow.timeOfStarts(array).isPresent()
                                        || TimeWindow.timeOfCumulative(array).isPresent())
                                .map(StatefulOperators::text);
            case LogicalPlan.Window window ->
                column < window.input().schema().size()
                        ? windows(column, window.input())
                        : Optional.of(window.columns()
                                        .get(column - window.input().schema().size())
                                        .call()
                                        .function())
                                .filter(WindowFunction.Session.class::isInstance)
                                .map(function -> text(function));
            case LogicalPlan.Filter _, LogicalPlan.Watermark _, LogicalPlan.Shed _, LogicalPlan.Observe _ ->
                windows(column, input.inputs().getFirst());
            default -> Optional.empty();
        };
    }

    private static String condition(LogicalPlan.Join join) {
        return JoinKeys.conjuncts(join.condition()).stream()
                .map(part -> text(sided(part, join.left())))
                .sorted()
                .collect(Collectors.joining(" AND "));
    }

    /// The columns with the side that they are of.
    private static BoundExpr sided(BoundExpr expr, LogicalPlan left) {
        return expr.transformUp(part -> part instanceof BoundExpr.Column(int ordinal, var name, var type, var nullable)
                ? new BoundExpr.Column(0, (ordinal < left.schema().size() ? "left." : "right.") + name, type, nullable)
                : part);
    }

    private static String order(List<SortKey> keys) {
        return keys.isEmpty()
                ? "none"
                : keys.stream()
                        .map(key -> text(key.expr()) + " " + key.direction() + " NULLS " + key.nulls())
                        .collect(Collectors.joining(", "));
    }

    private static String function(LogicalPlan.Window.Column column) {
        WindowFrame<String> frame = column.call().frame().map(StatefulOperators::text);
        return column.call().function() instanceof WindowFunction.Rank rank
                ? rank.toString()
                : text(column.call().function()) + " " + frame;
    }

    private static String text(WindowFunction function) {
        return switch (function.map(StatefulOperators::named)) {
            case WindowFunction.Session(BoundExpr start, BoundExpr end) ->
                "session_window(" + text(start) + " to " + text(end) + ")";
            case WindowFunction.Offset offset ->
                text(offset.toString()) + " or " + text(offset.otherwise()) + ignored(offset.ignoreNulls());
            case WindowFunction.Nth nth -> text(nth.toString()) + ignored(nth.ignoreNulls());
            case WindowFunction other -> text(other.toString());
        };
    }

    private static String ignored(boolean nulls) {
        return nulls ? " IGNORE NULLS" : "";
    }

    /// How many of the first rows of each partition stay, if only those do.
    private static String ranks(LogicalPlan.Window window, List<BoundExpr> conditions) {
        int first = window.input().schema().size();
        String ranks = conditions.stream()
                .filter(condition -> condition instanceof BoundExpr.Compare(var _, BoundExpr.Column rank, var bound)
                        && bound instanceof BoundExpr.Literal
                        && rank.ordinal() >= first
                        && window.columns().get(rank.ordinal() - first).call().function()
                                instanceof WindowFunction.Rank)
                .map(StatefulOperators::text)
                .sorted()
                .collect(Collectors.joining(" AND "));
        return ranks.isEmpty() ? "all" : ranks;
    }

    private static BoundExpr named(BoundExpr expr) {
        return new BoundExpr.Column(0, text(expr), expr.type(), expr.nullable());
    }

    /// The same for the same expression wherever its columns stand. What is different in each start, such as the seed
    /// of `rand()`, is left out.
    private static String text(BoundExpr expr) {
        if (!expr.deterministic()) {
            return "…";
        }
        Optional<TimeWindow.Tumbling> tumbling = TimeWindow.match(expr);
        return switch (expr) {
            case BoundExpr.MakeStruct _ when tumbling.isPresent() -> {
                TimeWindow.Tumbling window = tumbling.get();
                yield "window(" + text(window.time()) + ", " + IntervalText.of(window.sizeMicros())
                        + (window.originMicros() == 0 ? "" : ", from " + IntervalText.of(window.originMicros())) + ")";
            }
            case BoundExpr.Call call when call.function().name().equals("window_after") ->
                text(call.arguments().get(0)) + " + " + length(call.arguments().get(1));
            case BoundExpr.Call call when TimeWindow.timeOfStarts(call).isPresent() -> "window" + lengths(call);
            case BoundExpr.Call call
                    when TimeWindow.timeOfCumulative(call).isPresent() -> "cumulate_window" + lengths(call);
            default -> text(expr.mapOperands(StatefulOperators::named).toString());
        };
    }

    private static String lengths(BoundExpr.Call call) {
        return call.arguments().stream().map(StatefulOperators::length).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String length(BoundExpr expr) {
        return expr instanceof BoundExpr.Literal(Scalar value) && value.value() instanceof Long micros
                ? IntervalText.of(micros)
                : text(expr);
    }

    /// Without the places of columns, and what classes that are made in each start are called.
    private static String text(String expr) {
        return expr.replaceAll("#\\d+|\\$\\$Lambda[^\\s,()]*|@[0-9a-f]{5,}", "");
    }
}

package dev.headrace.plan;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Table;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Plans as text, for `explain`.
public final class PlanText {
    private PlanText() {}

    public static String of(LogicalPlan plan) {
        return TreeText.of(plan, PlanText::line, LogicalPlan::inputs);
    }

    /// With the number of rows of the tables that know it.
    public static String withSizes(LogicalPlan plan) {
        return TreeText.of(plan, PlanText::lineWithSize, LogicalPlan::inputs);
    }

    public static String of(NamedPlan plan) {
        return TreeText.of(plan, PlanText::line, PlanText::inputs);
    }

    private static String lineWithSize(LogicalPlan plan) {
        OptionalLong rows = switch (plan) {
            case LogicalPlan.Scan scan -> scan.table().rowCount();
            case LogicalPlan.LocalRelation relation ->
                OptionalLong.of(relation.rows().size());
            default -> OptionalLong.empty();
        };
        return rows.isEmpty() ? line(plan) : line(plan) + ", Statistics(rowCount=" + rows.getAsLong() + ")";
    }

    private static String firing(Optional<Firing> firing) {
        return firing.map(when -> ", comes out " + when).orElse("");
    }

    private static String line(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Scan(Table table, ScanRequest request) -> scan(table, request);
            case LogicalPlan.LocalRelation(StructType schema, List<List<@Nullable Object>> rows) ->
                "LocalRelation " + names(schema) + ", " + rows.size() + (rows.size() == 1 ? " row" : " rows");
            case LogicalPlan.Range(long start, long end, long step, int partitions) ->
                "Range (" + start + ", " + end + ", step=" + step + ", splits=" + partitions + ")";
            case LogicalPlan.Filter(LogicalPlan _, BoundExpr predicate) -> "Filter " + predicate;
            case LogicalPlan.Project(LogicalPlan _, List<OutputColumn> columns) -> "Project " + columns;
            case LogicalPlan.Aggregate aggregate ->
                "Aggregate " + aggregate.keys() + ", " + aggregate.aggregates() + firing(aggregate.firing());
            case LogicalPlan.Join join ->
                "Join " + join.type() + join.condition().map(c -> ", " + c).orElse("");
            case LogicalPlan.AsOfJoin join ->
                "AsOfJoin " + join.type() + join.condition().map(c -> ", " + c).orElse("") + ", " + join.asOf();
            case LogicalPlan.LookupJoin join ->
                "LookupJoin " + join.type() + " " + join.lookup().name() + " by " + join.keys();
            case LogicalPlan.Sort(LogicalPlan _, List<SortKey> keys) -> "Sort " + keys;
            case LogicalPlan.Limit(LogicalPlan _, long count, long offset) ->
                "Limit " + (count == Long.MAX_VALUE ? "ALL" : count) + (offset == 0 ? "" : ", offset " + offset);
            case LogicalPlan.Union _ -> "Union";
            case LogicalPlan.Explode explode -> explode(explode);
            case LogicalPlan.Deduplicate(LogicalPlan input, List<Integer> keys, boolean within) ->
                "Deduplicate "
                        + keys.stream()
                                .map(key -> input.schema().field(key).name() + "#" + key)
                                .toList()
                        + (within ? ", within watermark" : "");
            case LogicalPlan.Window window ->
                "Window " + window.columns() + ", partition by " + window.partition() + ", order by " + window.order();
            case LogicalPlan.MapGroups groups ->
                "MapGroups " + groups.call().name() + " by "
                        + groups.call().keySchema().simpleString();
            case LogicalPlan.Watermark(LogicalPlan input, int column, long delay) ->
                "EventTimeWatermark " + input.schema().field(column).name() + "#" + column + ", delay "
                        + IntervalText.of(delay);
            case LogicalPlan.Observe observe -> "Observe " + observe.observer().name() + " " + observe.aggregates();
            case LogicalPlan.Shed shed ->
                "LoadShedding above " + shed.mostWaiting() + " rows to " + shed.kept() + " of " + shed.key();
        };
    }

    private static String explode(LogicalPlan.Explode explode) {
        return "Generate " + (explode.withPosition() ? "posexplode" : "explode") + (explode.outer() ? "_outer" : "")
                + "(" + explode.collection() + "), " + explode.names();
    }

    private static String scan(Table table, ScanRequest request) {
        StringBuilder out = new StringBuilder(table.isStreaming() ? "StreamingRelation " : "Relation ");
        out.append(table.description()).append(" ");
        out.append(request.columns().stream().map(PlanText::column).collect(Collectors.joining(", ", "[", "]")));
        if (!request.filters().isEmpty()) {
            out.append(", filters ").append(request.filters());
        }
        request.limit().ifPresent(limit -> out.append(", limit ").append(limit));
        return out.toString();
    }

    private static String column(ScanRequest.ScanColumn column) {
        return switch (column) {
            case ScanRequest.ScanColumn.Stored stored ->
                stored.field().dataType() instanceof StructType struct
                        ? stored.field().name() + names(struct)
                        : stored.field().name();
            case ScanRequest.ScanColumn.Decoded decoded ->
                decoded.decoder().format() + " " + decoded.field().name()
                        + names(decoded.decoder().schema());
        };
    }

    private static String names(StructType schema) {
        return schema.names().stream().collect(Collectors.joining(", ", "[", "]"));
    }

    private static String line(NamedPlan plan) {
        return switch (plan) {
            case NamedPlan.Read(Table table, String format) ->
                "'" + (table.isStreaming() ? "StreamingRelation " : "Relation ") + format + ", " + table.description();
            case NamedPlan.LocalRelation(StructType schema, List<List<@Nullable Object>> rows) ->
                "LocalRelation " + names(schema) + ", " + rows.size() + (rows.size() == 1 ? " row" : " rows");
            case NamedPlan.Range(long start, long end, long step, int partitions) ->
                "Range (" + start + ", " + end + ", step=" + step + ", splits=" + partitions + ")";
            case NamedPlan.Project(NamedPlan _, List<NamedExpr> columns) -> "'Project " + texts(columns);
            case NamedPlan.Filter(NamedPlan _, NamedExpr condition) -> "'Filter " + condition.text();
            case NamedPlan.WithColumns(NamedPlan _, List<NamedExpr.Alias> columns) -> "'WithColumns " + texts(columns);
            case NamedPlan.WithColumnsRenamed(NamedPlan _, Map<String, String> names) ->
                "'WithColumnsRenamed " + new java.util.TreeMap<>(names);
            case NamedPlan.Drop(NamedPlan _, List<NamedExpr> columns) -> "'Drop " + texts(columns);
            case NamedPlan.ToDF(NamedPlan _, List<String> names) -> "'ToDF " + names;
            case NamedPlan.Aggregate(
                    NamedPlan _,
                    List<NamedExpr> keys,
                    List<NamedExpr> columns,
                    Optional<Firing> firing) -> "'Aggregate " + texts(keys) + ", " + texts(columns) + firing(firing);
            case NamedPlan.Join join -> join(join);
            case NamedPlan.AsOfJoin join -> asOfJoin(join);
            case NamedPlan.LookupJoin join ->
                "'LookupJoin " + join.type() + " " + join.lookup().name() + " by " + texts(join.keys());
            case NamedPlan.Sort(NamedPlan _, List<NamedExpr> order) -> "'Sort " + texts(order);
            case NamedPlan.Limit(NamedPlan _, long count) -> "Limit " + count;
            case NamedPlan.Offset(NamedPlan _, long count) -> "Offset " + count;
            case NamedPlan.Union(NamedPlan _, NamedPlan _, boolean byName, boolean allowMissing) ->
                "'Union" + (byName ? " by name" : "") + (allowMissing ? ", missing columns allowed" : "");
            case NamedPlan.Deduplicate(NamedPlan _, List<String> columns, boolean within) ->
                "'Deduplicate " + columns + (within ? ", within watermark" : "");
            case NamedPlan.NaturalJoin join -> "'Join " + join.type() + ", natural";
            case NamedPlan.LateralJoin join ->
                "'LateralJoin " + join.type()
                        + join.condition().map(c -> ", " + c.text()).orElse("");
            case NamedPlan.SetOperation operation -> "'" + operation.kind() + (operation.all() ? " all" : "");
            case NamedPlan.GroupingSets grouping ->
                "'Aggregate " + texts(grouping.keys()) + " in sets " + grouping.sets() + ", "
                        + texts(grouping.columns());
            case NamedPlan.Having(NamedPlan _, NamedExpr condition) -> "'Having " + condition.text();
            case NamedPlan.Qualify(NamedPlan _, NamedExpr condition) -> "'Qualify " + condition.text();
            case NamedPlan.Generate generate ->
                "'Generate " + generate.generator().text() + (generate.outer() ? ", outer" : "");
            case NamedPlan.Pivot pivot -> "'Pivot " + texts(pivot.columns()) + ", " + texts(pivot.aggregates());
            case NamedPlan.Unpivot unpivot -> "'Unpivot " + unpivot.variableName() + ", " + unpivot.valueNames();
            case NamedPlan.SubqueryAlias(NamedPlan _, String name, var _) -> "SubqueryAlias " + name;
            case NamedPlan.WithWatermark(NamedPlan _, String eventTime, String delay) ->
                "'EventTimeWatermark " + eventTime + ", delay " + delay;
            case NamedPlan.Observe observe -> "'Observe " + observe.observer().name() + " " + texts(observe.metrics());
            case NamedPlan.Shed shed ->
                "'LoadShedding above " + shed.mostWaiting() + " rows to " + shed.kept() + " of "
                        + shed.key().text();
            case NamedPlan.MapGroups groups -> "'MapGroups " + groups.call().name();
            case NamedPlan.Closed(NamedPlan input) -> line(input);
            case NamedPlan.Identified(NamedPlan input, long _, var _) -> line(input);
        };
    }

    private static String join(NamedPlan.Join join) {
        return "'Join " + join.type() + on(join.condition(), join.using());
    }

    private static String asOfJoin(NamedPlan.AsOfJoin join) {
        return "'AsOfJoin " + join.type() + on(join.condition(), join.using())
                + join.times()
                        .map(times -> ", " + times.left().text() + " " + times.direction() + " "
                                + times.right().text())
                        .orElse("");
    }

    private static String on(Optional<NamedExpr> condition, List<String> using) {
        return condition.map(c -> ", " + c.text()).orElse("") + (using.isEmpty() ? "" : ", using " + using);
    }

    private static List<String> texts(List<? extends NamedExpr> exprs) {
        return exprs.stream().map(NamedExpr::text).toList();
    }

    /// As in [#line], what only marks its input is left out.
    private static List<NamedPlan> inputs(NamedPlan plan) {
        return switch (plan) {
            case NamedPlan.Closed(NamedPlan input) -> inputs(input);
            case NamedPlan.Identified(NamedPlan input, long _, var _) -> inputs(input);
            default -> plan.inputs();
        };
    }
}

package dev.headrace.engine.stateful;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Table;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The streams that a query reads in several places, each as one scan that gives what all places need.
final class SharedScans {
    private final Map<Table, List<Place>> byTable = new HashMap<>();
    private final boolean filters;

    /// Where a stream is read.
    ///
    /// @param filter what the rows must fulfil there, over the scan's columns
    private record Place(LogicalPlan.Scan scan, Optional<BoundExpr> filter) {}

    /// @param filters whether rows that no place needs may be left out
    SharedScans(List<LogicalPlan> plans, boolean filters) {
        this.filters = filters;
        plans.forEach(this::collect);
    }

    private void collect(LogicalPlan plan) {
        if (plan instanceof LogicalPlan.Filter(LogicalPlan.Scan scan, BoundExpr predicate)) {
            add(scan, plan.deterministic() ? Optional.of(predicate) : Optional.empty());
        } else if (plan instanceof LogicalPlan.Scan scan) {
            add(scan, Optional.empty());
        } else {
            plan.inputs().forEach(this::collect);
        }
    }

    private void add(LogicalPlan.Scan scan, Optional<BoundExpr> filter) {
        if (scan.table().isStreaming()) {
            byTable.computeIfAbsent(scan.table(), _ -> new ArrayList<>()).add(new Place(scan, filter));
        }
    }

    boolean isShared(LogicalPlan.Scan scan) {
        return byTable.getOrDefault(scan.table(), List.of()).size() > 1;
    }

    /// What all places need of a stream.
    ///
    /// @param filter true for the rows that any place needs; absent if that is all rows
    record All(LogicalPlan.Scan scan, Optional<BoundExpr> filter) {}

    All forAll(Table table) {
        List<Place> places = byTable.getOrDefault(table, List.of());
        ScanRequest request = union(places);
        LogicalPlan.Scan scan = new LogicalPlan.Scan(table, request);
        if (!filters || places.stream().anyMatch(place -> place.filter().isEmpty())) {
            return new All(scan, Optional.empty());
        }
        Set<BoundExpr> wanted = new LinkedHashSet<>();
        for (Place place : places) {
            wanted.add(over(place.filter().orElseThrow(), columns(place.scan().request(), request)));
        }
        return new All(scan, wanted.stream().reduce(BoundExpr.Or::new));
    }

    private static BoundExpr over(BoundExpr expr, List<BoundExpr> columns) {
        return expr instanceof BoundExpr.Column column
                ? columns.get(column.ordinal())
                : expr.mapOperands(operand -> over(operand, columns));
    }

    private static ScanRequest union(List<Place> places) {
        Set<ScanColumn> columns = new LinkedHashSet<>();
        List<BoundExpr> pushed =
                new ArrayList<>(places.getFirst().scan().request().filters());
        for (Place place : places) {
            columns.addAll(place.scan().request().columns());
            pushed.retainAll(place.scan().request().filters());
        }
        return new ScanRequest(new ArrayList<>(columns), pushed, OptionalLong.empty());
    }

    /// The columns of one place, over the scan for all.
    static List<OutputColumn> select(ScanRequest place, ScanRequest all) {
        List<OutputColumn> selected = new ArrayList<>();
        List<BoundExpr> columns = columns(place, all);
        for (int i = 0; i < columns.size(); i++) {
            selected.add(new OutputColumn(place.columns().get(i).field().name(), columns.get(i)));
        }
        return selected;
    }

    private static List<BoundExpr> columns(ScanRequest place, ScanRequest all) {
        return place.columns().stream()
                .map(column -> Changelog.column(column.field(), all.columns().indexOf(column)))
                .toList();
    }
}

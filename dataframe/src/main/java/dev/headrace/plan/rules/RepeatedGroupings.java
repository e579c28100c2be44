package dev.headrace.plan.rules;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Chains;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Totality;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Groupings that a plan has in several places, such as those of a common table expression, become the same in all of
/// them, so that they are computed once.
///
/// Each place would otherwise get a grouping of its own: with its filters pushed below it, and without the columns that
/// it does not use. So a [RepeatedGrouping] stands for such groupings until what is around them is optimized. Then one
/// grouping is put into all the places: with the columns that any of them uses, over the rows that any of them wants.
/// That reads what the places would read together, once.
final class RepeatedGroupings {
    private RepeatedGroupings() {}

    /// The plan with tables for what it has more than once, as large as it can be.
    ///
    /// @param optimize for what is to be estimated
    static LogicalPlan marked(LogicalPlan plan, UnaryOperator<LogicalPlan> optimize) {
        Map<LogicalPlan, Integer> places = new HashMap<>();
        count(plan, places);
        places.values().removeIf(count -> count < 2);
        return places.isEmpty() ? plan : marked(plan, places.keySet(), new HashMap<>(), optimize);
    }

    private static void count(LogicalPlan plan, Map<LogicalPlan, Integer> places) {
        if (plan instanceof LogicalPlan.Aggregate aggregate && mayBeShared(aggregate)) {
            places.merge(aggregate, 1, Integer::sum);
        }
        plan.inputs().forEach(input -> count(input, places));
    }

    /// Whether computing it is work, and gives the same rows each time. Columns with fields may be asked for in part.
    /// Without columns it is a row over which nothing is computed.
    private static boolean mayBeShared(LogicalPlan.Aggregate grouping) {
        return grouping.firing().isEmpty()
                && !grouping.schema().isEmpty()
                && readsTable(grouping)
                && !observes(grouping)
                && grouping.deterministic()
                && grouping.schema().fieldList().stream()
                        .map(StructField::dataType)
                        .noneMatch(DataType::isNested);
    }

    private static boolean readsTable(LogicalPlan plan) {
        return plan instanceof LogicalPlan.Scan
                || plan instanceof LogicalPlan.Range
                || plan.inputs().stream().anyMatch(RepeatedGroupings::readsTable);
    }

    private static boolean observes(LogicalPlan plan) {
        return plan instanceof LogicalPlan.Observe || plan.inputs().stream().anyMatch(RepeatedGroupings::observes);
    }

    private static LogicalPlan marked(
            LogicalPlan plan,
            Set<LogicalPlan> repeated,
            Map<LogicalPlan, RepeatedGrouping> tables,
            UnaryOperator<LogicalPlan> optimize) {
        if (plan instanceof LogicalPlan.Aggregate aggregate && repeated.contains(aggregate)) {
            RepeatedGrouping table =
                    tables.computeIfAbsent(plan, _ -> new RepeatedGrouping(aggregate, optimize.apply(aggregate)));
            return new LogicalPlan.Scan(table, ScanRequest.all(table.schema()));
        }
        return plan.mapInputs(input -> marked(input, repeated, tables, optimize));
    }

    /// The plan with the groupings themselves where only one place of them is left.
    static LogicalPlan withoutSingles(LogicalPlan plan) {
        Map<RepeatedGrouping, List<Place>> places = new HashMap<>();
        find(plan, places);
        return Expressions.transformUp(
                plan,
                node -> node instanceof LogicalPlan.Scan scan
                                && scan.table() instanceof RepeatedGrouping table
                                && places.getOrDefault(table, List.of()).size() == 1
                        ? columns(table.grouping(), ordinals(scan))
                        : node);
    }

    /// The plan with one optimized grouping in all the places of what is repeated.
    static LogicalPlan resolved(LogicalPlan plan, UnaryOperator<LogicalPlan> optimize) {
        Map<RepeatedGrouping, List<Place>> places = new HashMap<>();
        find(plan, places);
        if (places.isEmpty()) {
            return plan;
        }
        Map<RepeatedGrouping, Shared> shared = new HashMap<>();
        places.forEach((table, all) -> shared.put(table, Shared.of(table.grouping(), all, optimize)));
        return Expressions.transformUp(
                plan,
                node -> node instanceof LogicalPlan.Scan scan && scan.table() instanceof RepeatedGrouping table
                        ? Objects.requireNonNull(shared.get(table)).columns(ordinals(scan))
                        : node);
    }

    private static LogicalPlan columns(LogicalPlan plan, List<Integer> ordinals) {
        List<OutputColumn> columns = ordinals.stream()
                .map(ordinal -> Columns.keep(plan.schema(), ordinal))
                .toList();
        return new LogicalPlan.Project(plan, columns);
    }

    private static List<Integer> ordinals(LogicalPlan.Scan scan) {
        return scan.request().columns().stream()
                .map(column -> ((ScanColumn.Stored) column).ordinal())
                .toList();
    }

    /// @param conditions on the grouping's keys: of other groups nothing is used in this place. None of them fails for
    ///     a group, as each is asked before others of its place that may leave the group out
    /// @param columns of the grouping, used in this place
    private record Place(List<BoundExpr> conditions, List<Integer> columns) {
        static Place of(LogicalPlan.Scan scan, LogicalPlan.Aggregate grouping, List<BoundExpr> filters) {
            List<Integer> columns = ordinals(scan);
            List<BoundExpr> conditions = new ArrayList<>();
            for (BoundExpr filter : filters) {
                BoundExpr condition = Columns.move(filter, grouping, columns::get);
                if (condition.deterministic()
                        && Totality.neverFails(condition)
                        && !Columns.usedBy(condition).isEmpty()
                        && Columns.within(condition, 0, grouping.keys().size())) {
                    conditions.add(condition);
                }
            }
            return new Place(conditions, columns);
        }
    }

    private static void find(LogicalPlan plan, Map<RepeatedGrouping, List<Place>> places) {
        boolean filtered = plan instanceof LogicalPlan.Filter;
        if ((filtered ? plan.inputs().getFirst() : plan) instanceof LogicalPlan.Scan scan
                && scan.table() instanceof RepeatedGrouping table) {
            List<BoundExpr> filters =
                    plan instanceof LogicalPlan.Filter filter ? Conjuncts.of(filter.predicate()) : List.of();
            places.computeIfAbsent(table, _ -> new ArrayList<>()).add(Place.of(scan, table.grouping(), filters));
        } else {
            plan.inputs().forEach(input -> find(input, places));
        }
    }

    /// A grouping for all its places.
    ///
    /// @param used the columns that it has, of those of the grouping as it was
    private record Shared(LogicalPlan plan, List<Integer> used) {
        static Shared of(LogicalPlan.Aggregate grouping, List<Place> places, UnaryOperator<LogicalPlan> optimize) {
            BitSet used = new BitSet();
            places.forEach(place -> place.columns().forEach(used::set));
            if (used.isEmpty()) {
                used.set(0);
            }
            List<Integer> ordinals = used.stream().boxed().toList();
            LogicalPlan wanted = Conjuncts.filter(grouping, anyOf(places));
            return new Shared(optimize.apply(RepeatedGroupings.columns(wanted, ordinals)), ordinals);
        }

        LogicalPlan columns(List<Integer> ordinals) {
            return ordinals.equals(used)
                    ? plan
                    : RepeatedGroupings.columns(
                            plan, ordinals.stream().map(used::indexOf).toList());
        }
    }

    /// What holds for all groups that any of the places wants.
    private static List<BoundExpr> anyOf(List<Place> places) {
        List<BoundExpr> all =
                new ArrayList<>(new LinkedHashSet<>(places.getFirst().conditions()));
        places.forEach(place -> all.retainAll(place.conditions()));
        List<List<BoundExpr>> others = new ArrayList<>();
        for (Place place : places) {
            List<BoundExpr> other = new ArrayList<>(place.conditions());
            other.removeAll(all);
            others.add(other);
        }
        // A place with nothing else wants all that the others want.
        if (others.stream().noneMatch(List::isEmpty)) {
            all.addAll(alternatives(others));
        }
        return all;
    }

    /// `a = 1 AND b = 2 OR a = 3 AND b = 4`, and before it `a = 1 OR a = 3` and `b = 2 OR b = 4`, which can be looked
    /// at where the columns are from.
    private static List<BoundExpr> alternatives(List<List<BoundExpr>> others) {
        List<BoundExpr> conditions = new ArrayList<>();
        BitSet columns = new BitSet();
        others.getFirst().forEach(condition -> columns.or(Columns.usedBy(condition)));
        columns.stream()
                .mapToObj(column -> others.stream()
                        .map(other -> other.stream()
                                .filter(condition -> isOnly(condition, column))
                                .toList())
                        .toList())
                .filter(parts -> parts.stream().noneMatch(List::isEmpty))
                .forEach(parts -> conditions.add(or(parts)));
        BoundExpr whole = or(others);
        if (!conditions.contains(whole)) {
            conditions.add(whole);
        }
        return conditions;
    }

    private static boolean isOnly(BoundExpr condition, int column) {
        BitSet used = Columns.usedBy(condition);
        return used.cardinality() == 1 && used.get(column);
    }

    /// @param parts of each alternative, none of them empty
    private static BoundExpr or(List<List<BoundExpr>> parts) {
        Set<BoundExpr> alternatives = new LinkedHashSet<>();
        parts.forEach(part -> Conjuncts.and(part).ifPresent(alternatives::add));
        Optional<BoundExpr> any = Chains.combined(List.copyOf(alternatives), BoundExpr.Or::new);
        return any.orElseThrow();
    }
}

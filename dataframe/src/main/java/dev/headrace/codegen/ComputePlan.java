package dev.headrace.codegen;

import dev.headrace.plan.BoundExpr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a program's work is divided: which columns are passed through, and which loops compute the others.
///
/// @param passed for each output, the column or field it is, if it is one
/// @param computed for each target, the output that it is
/// @param select the loop that filters, if there is a filter
/// @param project the loops that compute what the filtering loop does not
record ComputePlan(List<Optional<Path>> passed, List<Integer> computed, Optional<Loop> select, List<Loop> project) {
    /// A method of more than 8,000 bytes is never compiled to machine code; a node takes some 40 bytes at most.
    private static final int NODES_PER_LOOP = 100;

    static ComputePlan of(Optional<BoundExpr> predicate, List<BoundExpr> outputs) {
        List<Optional<Path>> passed = new ArrayList<>();
        List<Integer> computed = new ArrayList<>();
        List<Loop.Output> targets = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            Optional<Path> path = Path.of(outputs.get(i));
            passed.add(path);
            if (path.isEmpty()) {
                targets.add(new Loop.Output(computed.size(), outputs.get(i)));
                computed.add(i);
            }
        }
        boolean inOrder = !outputs.stream().allMatch(BoundExpr::deterministic)
                || !predicate.map(BoundExpr::deterministic).orElse(true);
        List<List<Loop.Output>> groups = inOrder && !targets.isEmpty() ? List.of(targets) : groups(targets);
        if (predicate.isEmpty()) {
            return new ComputePlan(passed, computed, Optional.empty(), loops(groups, false));
        }
        boolean fused = inOrder || !groups.isEmpty() && shareCostly(predicate.get(), groups.getFirst());
        List<Loop.Output> first = fused && !groups.isEmpty() ? groups.getFirst() : List.of();
        List<List<Loop.Output>> rest = first.isEmpty() ? groups : groups.subList(1, groups.size());
        return new ComputePlan(passed, computed, Optional.of(new Loop(predicate, first, true)), loops(rest, true));
    }

    private static List<Loop> loops(List<List<Loop.Output>> groups, boolean filtered) {
        return groups.stream()
                .map(group -> new Loop(Optional.empty(), group, filtered))
                .toList();
    }

    private static List<List<Loop.Output>> groups(List<Loop.Output> outputs) {
        List<List<Loop.Output>> groups = new ArrayList<>();
        int nodes = NODES_PER_LOOP;
        for (Loop.Output output : outputs) {
            nodes += Cost.nodes(output.expr());
            if (nodes > NODES_PER_LOOP) {
                groups.add(new ArrayList<>());
                nodes = Cost.nodes(output.expr());
            }
            groups.getLast().add(output);
        }
        return groups;
    }

    private static boolean shareCostly(BoundExpr predicate, List<Loop.Output> outputs) {
        Set<BoundExpr> costly = new HashSet<>();
        collectCostly(predicate, costly);
        return !costly.isEmpty() && outputs.stream().anyMatch(output -> containsAny(output.expr(), costly));
    }

    private static void collectCostly(BoundExpr expr, Set<BoundExpr> costly) {
        if (Cost.isCostly(expr)) {
            costly.add(expr);
        }
        expr.operands().forEach(operand -> collectCostly(operand, costly));
    }

    private static boolean containsAny(BoundExpr expr, Set<BoundExpr> wanted) {
        return wanted.contains(expr) || expr.operands().stream().anyMatch(operand -> containsAny(operand, wanted));
    }
}

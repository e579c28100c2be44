package dev.headrace.exec;

import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Groups rows in several ways at once: by the keys of `groups`, and the groups in turn by fewer of these.
///
/// @param groups by all that one of the groupings is by; only what it says counts, it is no operator of the plan
/// @param sets for each grouping the key columns of the result: columns of the groups, which are keys, or constants
record HashGroupingSets(PhysicalPlan.HashAggregate groups, List<List<BoundExpr>> sets, StructType schema)
        implements PhysicalPlan.Custom {
    @Override
    public List<PhysicalPlan> inputs() {
        return groups.inputs();
    }

    @Override
    public String describe() {
        return "HashGroupingSets " + sets.stream().map(this::keys).collect(Collectors.joining(", ")) + ", "
                + groups.aggregates();
    }

    private String keys(List<BoundExpr> set) {
        return IntStream.range(0, set.size())
                .filter(i -> set.get(i) instanceof BoundExpr.Column)
                .mapToObj(i -> schema.field(i).name())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        return new GroupingLevels(preparation.prepare(groups.input()), this);
    }
}

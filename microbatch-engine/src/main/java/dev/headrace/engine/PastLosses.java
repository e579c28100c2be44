package dev.headrace.engine;

import dev.headrace.engine.PastInput.Range;
import dev.headrace.engine.log.Loss;
import dev.headrace.engine.stateful.Shedding;
import dev.headrace.plan.LogicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// What a query has left out of its input, so that a batch over the same input can leave out the same.
///
/// @param losses in the order of the batches
record PastLosses(List<Shedding> sheddings, List<Loss> losses) {

    /// A stretch of a source in which the same share of the keys was kept; all rows, if there is none.
    record Phase(Range range, OptionalDouble kept) {}

    /// The stretches of what was read where load shedding is declared, in order and without a gap.
    Iterable<Phase> phases(LogicalPlan.Shed declared, Range all) {
        int operator = sheddings.stream().map(Shedding::declared).toList().indexOf(declared);
        if (operator < 0) {
            throw new IllegalStateException("the streaming plan does not have " + declared.key());
        }
        List<Phase> phases = new ArrayList<>();
        String reached = all.from();
        for (Loss loss : losses) {
            if (!(loss.cause() instanceof Loss.Cause.LoadShedding shed) || shed.operator() != operator) {
                continue;
            }
            String from = loss.read().from().orElseThrow();
            String to = loss.read().to().orElseThrow();
            OptionalDouble kept = OptionalDouble.of(shed.shed().kept());
            if (!from.equals(reached)) {
                phases.add(new Phase(new Range(reached, from), OptionalDouble.empty()));
            }
            if (!phases.isEmpty()
                    && phases.getLast().kept().equals(kept)
                    && phases.getLast().range().to().equals(from)) {
                phases.add(new Phase(new Range(phases.removeLast().range().from(), to), kept));
            } else {
                phases.add(new Phase(new Range(from, to), kept));
            }
            reached = to;
        }
        if (!reached.equals(all.to()) || phases.isEmpty()) {
            phases.add(new Phase(new Range(reached, all.to()), OptionalDouble.empty()));
        }
        return phases;
    }
}

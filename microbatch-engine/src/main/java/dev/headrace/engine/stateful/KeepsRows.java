package dev.headrace.engine.stateful;

import dev.headrace.exec.PhysicalPlan;
import java.util.List;

/// An operator that takes the rows of its inputs into states, where they stay, change something, or are late.
interface KeepsRows extends PhysicalPlan.Custom {
    /// The states that count the rows taken and the late ones; together they have got all rows of the inputs.
    List<OperatorState> keepers();
}

/// Operators that keep state between batches, and the planner that chooses them. Entry type: [StreamingPlanner].
@NullMarked
package dev.headrace.engine.stateful;

import org.jspecify.annotations.NullMarked;

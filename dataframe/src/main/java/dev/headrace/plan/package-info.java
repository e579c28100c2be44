/// The life of a query from what the user wrote to what runs: [NamedExpr] and [NamedPlan] (names), bound by the
/// analyzer to [BoundExpr] and [LogicalPlan] (ordinals and types). For sibling modules; not API.
@NullMarked
package dev.headrace.plan;

import org.jspecify.annotations.NullMarked;

/// The aggregate functions: what each means, and accumulators that update many groups at once. Entry types:
/// [Aggregates], which binds them, and [dev.headrace.function.AggregateFunction]. For sibling modules; not API.
@NullMarked
package dev.headrace.function.aggregate;

import org.jspecify.annotations.NullMarked;

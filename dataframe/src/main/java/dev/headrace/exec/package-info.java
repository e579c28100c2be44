/// Running queries: physical plans, pipelines and operators over Arrow chunks. Entry types: [BatchQuery] (a batch
/// query), [PhysicalPlan] and [Preparation] (a plan made ready to run many times), [SessionRuntime] (memory and
/// threads). [dev.headrace.function.Interpreter] defines what a bound expression means. For sibling modules; not API.
@NullMarked
package dev.headrace.exec;

import org.jspecify.annotations.NullMarked;

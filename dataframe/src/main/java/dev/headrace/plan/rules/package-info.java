/// The optimizer: one rewriting rule per file, run to a fixed point. Entry type: [Optimizer]. For sibling modules; not
/// API.
@NullMarked
package dev.headrace.plan.rules;

import org.jspecify.annotations.NullMarked;

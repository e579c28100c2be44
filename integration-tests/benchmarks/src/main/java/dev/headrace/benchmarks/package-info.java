/// Figures, not tests. Entry type: [Benchmarks]; `integration-tests/benchmarks/run` starts it.
@NullMarked
package dev.headrace.benchmarks;

import org.jspecify.annotations.NullMarked;

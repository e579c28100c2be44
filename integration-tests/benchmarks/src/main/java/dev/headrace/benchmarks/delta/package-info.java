/// Headrace's Delta tables beside those of Spark with Delta: [dev.headrace.benchmarks.delta.DeltaBenchmark].
@NullMarked
package dev.headrace.benchmarks.delta;

import org.jspecify.annotations.NullMarked;

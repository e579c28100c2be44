/// Change events landing in Delta tables, beside Spark: [dev.headrace.benchmarks.landing.LandingBenchmark].
@NullMarked
package dev.headrace.benchmarks.landing;

import org.jspecify.annotations.NullMarked;

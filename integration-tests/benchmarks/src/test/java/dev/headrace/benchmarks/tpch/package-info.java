/// Tests that TPC-H's queries are answered rightly.
@NullMarked
package dev.headrace.benchmarks.tpch;

import org.jspecify.annotations.NullMarked;

/// The TPC-H benchmark: its data, its queries, and the engines that answer them.
@NullMarked
package dev.headrace.benchmarks.tpch;

import org.jspecify.annotations.NullMarked;

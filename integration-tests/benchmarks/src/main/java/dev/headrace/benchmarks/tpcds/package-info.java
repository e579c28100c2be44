/// The queries of TPC-DS and their data.
@NullMarked
package dev.headrace.benchmarks.tpcds;

import org.jspecify.annotations.NullMarked;

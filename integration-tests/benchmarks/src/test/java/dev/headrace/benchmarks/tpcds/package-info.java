/// Tests of the queries of TPC-DS.
@NullMarked
package dev.headrace.benchmarks.tpcds;

import org.jspecify.annotations.NullMarked;

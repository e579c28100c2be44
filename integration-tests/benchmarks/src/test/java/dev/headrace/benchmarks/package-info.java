/// What the tests of several sets of queries share.
@NullMarked
package dev.headrace.benchmarks;

import org.jspecify.annotations.NullMarked;

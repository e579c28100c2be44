@NullMarked
package dev.headrace.benchmarks.nexmark;

import org.jspecify.annotations.NullMarked;

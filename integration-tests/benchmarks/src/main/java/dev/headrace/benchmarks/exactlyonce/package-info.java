/// From Kafka to Kafka exactly once, beside other engines: how late, and how long after a crash.
@NullMarked
package dev.headrace.benchmarks.exactlyonce;

import org.jspecify.annotations.NullMarked;

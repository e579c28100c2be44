/// Streams from a real Kafka broker.
@NullMarked
package dev.headrace.kafka;

import org.jspecify.annotations.NullMarked;

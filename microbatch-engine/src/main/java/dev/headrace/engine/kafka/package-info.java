/// Kafka as a table and as a stream. Entry type: [KafkaConnector].
@NullMarked
package dev.headrace.engine.kafka;

import org.jspecify.annotations.NullMarked;

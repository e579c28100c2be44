/// The main class of the Kafka broker process that the demo and the tests start: [dev.headrace.kafkabroker.BrokerMain].
@NullMarked
package dev.headrace.kafkabroker;

import org.jspecify.annotations.NullMarked;

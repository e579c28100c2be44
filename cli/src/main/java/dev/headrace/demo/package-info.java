/// `headrace demo`: a shop's traffic through a real Kafka broker into Delta tables, with a kill in the middle and a
/// proof at the end.
///
/// [KafkaBroker] is a broker in a process of its own, which the integration tests use as well. [ShopGenerator] makes
/// the traffic and keeps a [Ledger] of what Kafka acknowledged; [Proof] compares the ledger with what the tables hold.
@NullMarked
package dev.headrace.demo;

import org.jspecify.annotations.NullMarked;

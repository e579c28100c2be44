/// The micro-batch engine: runs a streaming query as one batch after the other, each exactly once. Entry types:
/// [MicroBatchEngine] (starts queries), [TriggerLoop] (the life of a query), [QueryPipeline] (its compiled plan).
@NullMarked
package dev.headrace.engine;

import org.jspecify.annotations.NullMarked;

/// Changes of rows on their way into a table: what a batch of them says of each key, and which keys are known to be
/// gone. Knows no table. Begin with [ChangeBatch].
@org.jspecify.annotations.NullMarked
package dev.headrace.delta.cdc;

/// The sinks that the engine brings: console, memory and `foreachBatch`.
@NullMarked
package dev.headrace.engine.sink;

import org.jspecify.annotations.NullMarked;

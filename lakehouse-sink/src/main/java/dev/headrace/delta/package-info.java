/// Delta tables as sources and sinks: `format("delta")`. Entry type: [DeltaConnector].
@NullMarked
package dev.headrace.delta;

import org.jspecify.annotations.NullMarked;

/// The durable truth of a streaming query: which batches were planned, which are committed, and who may write.
///
/// [dev.headrace.engine.log.Checkpoint] is the way in. `docs/design/checkpoint.md` shows the files.
@NullMarked
package dev.headrace.engine.log;

import org.jspecify.annotations.NullMarked;

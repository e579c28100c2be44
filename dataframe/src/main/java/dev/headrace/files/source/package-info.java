/// Directories as streams: files that come to a directory are rows that come to a stream.
///
/// [FileStreamTable] is what `readStream()` opens, [FileStreamSource] gives its batches, and [ArrivalLog] remembers in
/// the checkpoint which files there were, in which order.
@NullMarked
package dev.headrace.files.source;

import org.jspecify.annotations.NullMarked;

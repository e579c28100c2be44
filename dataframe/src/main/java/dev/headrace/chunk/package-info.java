/// Columns in memory: the boundary to Arrow. Entry types: [Chunk] (a batch of columns), [Slice] (a run of bytes),
/// [RowLayout] (rows as bytes, for hash tables and state). For sibling modules; not API.
@NullMarked
package dev.headrace.chunk;

import org.jspecify.annotations.NullMarked;

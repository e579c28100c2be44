/// Parquet files, read page by page straight into Arrow vectors and written from them.
///
/// Entry types: [ParquetConnector] (`format("parquet")`), [ParquetChunks] (one file's rows as chunks), [ParquetSplits]
/// (files cut into parts for parallel reading), [ParquetChunkWriter] (chunks to a file). Metadata (footers, statistics,
/// page indexes) is decoded here, and pages are decoded and encoded; Parquet's own library filters by that metadata,
/// and writes it. For sibling modules; not API.
@NullMarked
package dev.headrace.parquet;

import org.jspecify.annotations.NullMarked;

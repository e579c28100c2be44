/// Parquet files, read page by page straight into Arrow vectors and written from them.
///
/// Entry types: [ParquetConnector] (`format("parquet")`), [ParquetChunks] (one file's rows as chunks), [ParquetSplits]
/// (files cut into parts for parallel reading), [ParquetChunkWriter] (chunks to a file). Parquet's own library is used
/// for metadata (footers, statistics, page index); pages are decoded and encoded here. For sibling modules; not API.
@NullMarked
package dev.headrace.parquet;

import org.jspecify.annotations.NullMarked;

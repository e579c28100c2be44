/// Parquet's metadata, decoded from bytes: footers ([FileMetadata]), the headers of pages ([PageHeader]) and of bloom
/// filters ([BloomHeader]), the indexes of pages ([PageLocations], [PageBounds]).
///
/// Read with [CompactReader], which knows Thrift's compact protocol and nothing of Parquet; the structures and their
/// field ids are those of `parquet.thrift` in apache/parquet-format. What is decoded takes the form of classes of
/// Parquet's own library where its filters want them ([ColumnChunk]). For `dev.headrace.parquet` alone; not API.
///
/// Bytes that make no sense are a [MalformedMetadataException], which the caller turns into an error with the file's
/// name. Fields and values that came later than this reader are passed over.
@NullMarked
package dev.headrace.parquet.metadata;

import org.jspecify.annotations.NullMarked;

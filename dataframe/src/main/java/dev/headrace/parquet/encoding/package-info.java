/// Parquet's encodings over raw memory: decoders from page bytes to values, encoders back. Knows addresses and numbers
/// only, nothing of files, schemas or Arrow vectors. For `dev.headrace.parquet` alone; not API.
///
/// Bounds: decoders never read past the end they were given by more than [Bits#SLACK] bytes, whatever the bytes say,
/// and report bytes that make no sense as [MalformedPageException]. Owners of page memory keep that slack allocated.
@NullMarked
package dev.headrace.parquet.encoding;

import org.jspecify.annotations.NullMarked;

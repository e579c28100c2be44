/// JSON text to columns and back, without an object per value. Entry types: [JsonDecoder] for records in memory,
/// [JsonColumns] for whole columns, [JsonConnector] for files. For sibling packages; not API.
@NullMarked
package dev.headrace.json;

import org.jspecify.annotations.NullMarked;

package dev.headrace.connector;

import dev.headrace.types.StructType;
import java.util.Map;

/// How bytes become a struct.
///
/// @param format `json`
/// @param schema the struct's schema; fields that the query doesn't use are left out already
/// @param options the options of `from_json`, such as `mode`
public record PayloadDecoder(String format, StructType schema, Map<String, String> options) {
    public PayloadDecoder {
        options = Map.copyOf(options);
    }
}

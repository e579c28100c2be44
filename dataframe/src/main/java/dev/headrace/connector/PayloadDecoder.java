package dev.headrace.connector;

import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// How bytes become a struct: what a call such as `from_json` says. Two are equal if they give the same.
public interface PayloadDecoder {
    /// For plans: `json`, `protobuf`.
    String format();

    /// The struct's schema; fields that the query doesn't use may be left out already.
    StructType schema();

    /// Whether a payload can make the query fail.
    boolean mayFail();

    /// This decoder for some of its fields; empty if what it gives for them depends on the others.
    ///
    /// @param fields those of [#schema] that are wanted; structs among them may have fewer fields, too
    Optional<PayloadDecoder> reading(StructType fields);

    /// A column to decode payloads into, which the caller closes.
    ///
    /// @param zone the session's
    PayloadColumn open(ZoneId zone, BufferAllocator allocator);
}

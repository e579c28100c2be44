package dev.headrace.protobuf;

import java.util.Set;

/// The messages of `google/protobuf/wrappers.proto`: a value that may be absent.
final class Wrappers {
    private static final Set<String> NAMES = Set.of(
            "google.protobuf.DoubleValue",
            "google.protobuf.FloatValue",
            "google.protobuf.Int64Value",
            "google.protobuf.UInt64Value",
            "google.protobuf.Int32Value",
            "google.protobuf.UInt32Value",
            "google.protobuf.BoolValue",
            "google.protobuf.StringValue",
            "google.protobuf.BytesValue");

    private Wrappers() {}

    static boolean contain(MessageType type) {
        return NAMES.contains(type.name()) && type.fields().size() == 1;
    }
}

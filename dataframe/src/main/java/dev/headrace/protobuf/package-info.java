/// Messages of Protobuf: descriptors, the wire format, `from_protobuf` and `to_protobuf`. Entry type:
/// [ProtobufFunctions]. Not API.
@NullMarked
package dev.headrace.protobuf;

import org.jspecify.annotations.NullMarked;

package dev.headrace.protobuf;

import java.util.Locale;
import java.util.Optional;

/// The types of fields, in the order of their numbers in `descriptor.proto`, which begin at 1.
enum FieldKind {
    DOUBLE(WireReader.FIXED64),
    FLOAT(WireReader.FIXED32),
    INT64(WireReader.VARINT),
    UINT64(WireReader.VARINT),
    INT32(WireReader.VARINT),
    FIXED64(WireReader.FIXED64),
    FIXED32(WireReader.FIXED32),
    BOOL(WireReader.VARINT),
    STRING(WireReader.LENGTH),
    /// A message between two tags.
    GROUP(WireReader.START_GROUP),
    MESSAGE(WireReader.LENGTH),
    BYTES(WireReader.LENGTH),
    UINT32(WireReader.VARINT),
    ENUM(WireReader.VARINT),
    SFIXED32(WireReader.FIXED32),
    SFIXED64(WireReader.FIXED64),
    SINT32(WireReader.VARINT),
    SINT64(WireReader.VARINT);

    /// How a value lies on the wire.
    final int wire;

    FieldKind(int wire) {
        this.wire = wire;
    }

    static Optional<FieldKind> of(long number) {
        FieldKind[] all = values();
        return number < 1 || number > all.length ? Optional.empty() : Optional.of(all[(int) number - 1]);
    }

    boolean isMessage() {
        return this == MESSAGE || this == GROUP;
    }

    /// Whether several values may lie behind one tag.
    boolean isPackable() {
        return wire != WireReader.LENGTH && wire != WireReader.START_GROUP;
    }

    /// The name in a `.proto` file.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

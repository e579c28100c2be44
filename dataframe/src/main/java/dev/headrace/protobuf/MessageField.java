package dev.headrace.protobuf;

import java.util.Optional;

/// What a descriptor says of a field.
///
/// @param typeName of a message or an enum, in full; else empty
/// @param packed whether the values of a repeated field are written behind one tag
/// @param utf8 whether a string must be UTF-8
/// @param oneof the ordinal, within the message, of the choice that it belongs to; -1 if to none
/// @param defaultValue what the `.proto` file says to be meant where it is not given
record MessageField(
        String name,
        int number,
        FieldKind kind,
        String typeName,
        boolean repeated,
        Presence presence,
        boolean packed,
        boolean utf8,
        int oneof,
        Optional<String> defaultValue) {

    /// Whether it can be told that a field is not given.
    enum Presence {
        EXPLICIT,
        /// It is the same as zero.
        IMPLICIT,
        REQUIRED
    }

    boolean is(String named, FieldKind of) {
        return name.equals(named) && kind == of && !repeated;
    }

    /// The tag that ends a group; 0 for other kinds.
    int endTag() {
        return kind == FieldKind.GROUP ? WireReader.tag(number, WireReader.END_GROUP) : 0;
    }

    /// As errors name it, such as `repeated int32`.
    String type() {
        return (repeated ? "repeated " : "") + (typeName.isEmpty() ? kind.toString() : kind + " " + typeName);
    }
}

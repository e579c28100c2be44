package dev.headrace.protobuf;

import java.util.List;

/// What a descriptor says of a message.
///
/// @param name with the package and the messages around it, such as `shop.Order.Line`
/// @param mapEntry whether it is an entry of a map: `key` and `value`
/// @param fields in the order of the `.proto` file
record MessageType(String name, boolean mapEntry, List<MessageField> fields) {
    MessageType {
        fields = List.copyOf(fields);
    }

    /// The name without what it is in.
    String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// Whether it is a time as `google.protobuf.Timestamp` and `google.protobuf.Duration` are one.
    boolean isTime(String named) {
        return shortName().equals(named)
                && fields.size() == 2
                && fields.get(0).is("seconds", FieldKind.INT64)
                && fields.get(1).is("nanos", FieldKind.INT32);
    }
}

package dev.headrace.protobuf;

import java.util.List;

/// What a descriptor says of an enum.
///
/// @param name with the package and the messages around it
/// @param closed whether there are no other numbers
/// @param values in the order of the `.proto` file; several may have one number
record EnumType(String name, boolean closed, List<Value> values) {
    EnumType {
        values = List.copyOf(values);
    }

    record Value(String name, int number) {}

    List<String> names() {
        return values.stream().map(Value::name).toList();
    }
}

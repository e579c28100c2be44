package dev.headrace.codegen;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The objects that generated code is given when it is instantiated: a field for each.
final class Constants {
    private final Map<Key, String> names = new LinkedHashMap<>();

    private record Key(String type, Object value) {}

    /// The field that holds `value`.
    ///
    /// @param type its class in generated Java
    String field(String type, Object value) {
        return names.computeIfAbsent(new Key(type, value), _ -> "constant" + names.size());
    }

    List<Object> values() {
        List<Object> values = new ArrayList<>();
        names.keySet().forEach(key -> values.add(key.value()));
        return values;
    }

    void writeFields(SourceWriter code) {
        names.forEach((key, name) -> code.line("private final " + key.type() + " " + name + ";", key.value()));
    }

    void writeAssignments(SourceWriter code) {
        int index = 0;
        for (Map.Entry<Key, String> entry : names.entrySet()) {
            code.line(entry.getValue() + " = (" + entry.getKey().type() + ") constants[" + index++ + "];");
        }
    }
}

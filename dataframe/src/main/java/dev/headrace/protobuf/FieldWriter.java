package dev.headrace.protobuf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a field of a struct as a field of a message.
///
/// @param path for errors
/// @param ordinal of the struct's field
/// @param value writes one value; of a map, an entry as a list of key and value
record FieldWriter(MessageField field, String path, int ordinal, CellWriter value) {
    /// Behind this writer's start stands what follows the field.
    void write(@Nullable Object cell, WireWriter out) {
        if (cell == null) {
            if (field.presence() == MessageField.Presence.REQUIRED) {
                throw ProtobufErrors.wrongValue("the field '" + path + "' is required, but its value is null");
            }
            return;
        }
        if (!field.repeated()) {
            one(cell, out, field.presence() != MessageField.Presence.IMPLICIT);
            return;
        }
        List<?> elements = cell instanceof Map<?, ?> map ? entries(map) : (List<?>) cell;
        if (!field.packed()) {
            elements.reversed().forEach(element -> one(present(element), out, true));
        } else if (!elements.isEmpty()) {
            int before = out.length();
            elements.reversed().forEach(element -> value.write(present(element), out));
            out.varint(out.length() - before);
            out.tag(field.number(), WireReader.LENGTH);
        }
    }

    private void one(Object cell, WireWriter out, boolean evenZero) {
        int before = out.length();
        if (field.kind() == FieldKind.GROUP) {
            out.tag(field.number(), WireReader.END_GROUP);
        }
        value.write(cell, out);
        if (evenZero || !out.isZeroSince(before)) {
            out.tag(field.number(), field.kind().wire);
        } else {
            out.reset(before);
        }
    }

    private Object present(@Nullable Object element) {
        if (element == null) {
            throw ProtobufErrors.wrongValue("the array '" + path + "' has a null, which a repeated field can't have");
        }
        return element;
    }

    private static List<List<@Nullable Object>> entries(Map<?, ?> map) {
        List<List<@Nullable Object>> entries = new ArrayList<>();
        map.forEach((key, value) -> {
            List<@Nullable Object> entry = new ArrayList<>();
            entry.add(key);
            entry.add(value);
            entries.add(entry);
        });
        return entries;
    }
}

package dev.headrace.protobuf;

import dev.headrace.protobuf.MessageField.Presence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a `FileDescriptorSet`, as `protoc --descriptor_set_out` writes it. The numbers are those of the fields in
/// `descriptor.proto`; what is said nowhere else has the field's name beside it.
final class DescriptorReader {
    private static final int NAME = 1;
    private static final long REQUIRED = 2;
    private static final long REPEATED = 3;

    private final List<MessageType> topMessages = new ArrayList<>();
    private final Map<String, MessageType> messages = new LinkedHashMap<>();
    private final Map<String, EnumType> enums = new LinkedHashMap<>();

    private DescriptorReader() {}

    static DescriptorSet read(byte[] set) throws MalformedMessage {
        DescriptorReader reader = new DescriptorReader();
        for (RawMessage file : RawMessage.of(set).messages(/* file */ 1)) {
            reader.file(file);
        }
        return new DescriptorSet(reader.topMessages, reader.messages, reader.enums);
    }

    private void file(RawMessage file) throws MalformedMessage {
        String around = file.text(/* package */ 2);
        Features features = Features.of(file.text(/* syntax */ 12))
                .with(file.message(/* options */ 8).message(/* features */ 50));
        for (RawMessage message : file.messages(/* message_type */ 4)) {
            topMessages.add(message(message, around, features));
        }
        for (RawMessage type : file.messages(/* enum_type */ 5)) {
            enumeration(type, around, features);
        }
    }

    private static String within(String around, String name) {
        return around.isEmpty() ? name : around + "." + name;
    }

    private MessageType message(RawMessage message, String around, Features outer) throws MalformedMessage {
        String name = within(around, message.text(NAME));
        RawMessage options = message.message(/* options */ 7);
        Features features = outer.with(options.message(/* features */ 12));
        for (RawMessage inner : message.messages(/* nested_type */ 3)) {
            message(inner, name, features);
        }
        for (RawMessage inner : message.messages(/* enum_type */ 4)) {
            enumeration(inner, name, features);
        }
        boolean mapEntry = options.number(/* map_entry */ 7) != 0;
        List<RawMessage> oneofs = message.messages(/* oneof_decl */ 8);
        List<MessageField> fields = new ArrayList<>();
        for (RawMessage field : message.messages(/* field */ 2)) {
            fields.add(field(field, name, mapEntry, oneofs, features));
        }
        MessageType type = new MessageType(name, mapEntry, fields);
        messages.putIfAbsent(name, type);
        return type;
    }

    private MessageField field(
            RawMessage field, String message, boolean mapEntry, List<RawMessage> oneofs, Features outer)
            throws MalformedMessage {
        String name = field.text(NAME);
        FieldKind declared = FieldKind.of(field.number(/* type */ 5))
                .orElseThrow(() -> new MalformedMessage("the field " + message + "." + name + " has no type"));
        int oneof = field.has(/* oneof_index */ 9) ? (int) field.number(9) : -1;
        RawMessage options = field.message(/* options */ 8);
        Features around = oneof < 0 || oneof >= oneofs.size()
                ? outer
                : outer.with(oneofs.get(oneof).message(/* options */ 2).message(/* features */ 1));
        Features features = around.with(options.message(/* features */ 21));
        String typeName = field.text(/* type_name */ 6).replaceFirst("^\\.", "");
        MessageType entry = messages.get(typeName);
        boolean ofMap = mapEntry || entry != null && entry.mapEntry();
        FieldKind kind = declared == FieldKind.MESSAGE && features.delimited() && !ofMap ? FieldKind.GROUP : declared;
        boolean packed = options.has(/* packed */ 2) ? options.number(2) != 0 : features.packed();
        return new MessageField(
                name,
                (int) field.number(/* number */ 3),
                kind,
                typeName,
                field.number(/* label */ 4) == REPEATED,
                mapEntry ? Presence.EXPLICIT : presence(field, kind, oneof, features),
                packed && kind.isPackable(),
                // Protobuf for Java wants that of maps whatever the file says.
                features.utf8() || mapEntry,
                oneof,
                field.has(/* default_value */ 7) ? Optional.of(field.text(7)) : Optional.empty());
    }

    private static Presence presence(RawMessage field, FieldKind kind, int oneof, Features features) {
        if (field.number(/* label */ 4) == REQUIRED) {
            return Presence.REQUIRED;
        }
        boolean implicit = features.presence() == Presence.IMPLICIT;
        // An optional field of proto3 is the only one of a oneof.
        return implicit && (oneof >= 0 || kind.isMessage()) ? Presence.EXPLICIT : features.presence();
    }

    private void enumeration(RawMessage type, String around, Features outer) throws MalformedMessage {
        String name = within(around, type.text(NAME));
        Features features = outer.with(type.message(/* options */ 3).message(/* features */ 7));
        List<EnumType.Value> values = new ArrayList<>();
        for (RawMessage value : type.messages(/* value */ 2)) {
            values.add(new EnumType.Value(value.text(NAME), (int) value.number(/* number */ 2)));
        }
        if (values.isEmpty()) {
            throw new MalformedMessage("the enum " + name + " has no values");
        }
        enums.putIfAbsent(name, new EnumType(name, features.closedEnums(), values));
    }
}

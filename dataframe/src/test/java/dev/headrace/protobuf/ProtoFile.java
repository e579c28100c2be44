package dev.headrace.protobuf;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A `.proto` file as protobuf-java and as a descriptor set, from lines such as
/// `Order: id int64 1, lines .shop.Line* 2`.
///
/// Behind a field's number stands what else its descriptor has, in Protobuf's text format. A type with a point before
/// it is a message, with `%` an enum; `*` says that the field is repeated, `!` that it is required. A line
/// `enum Job: NONE 0, BAKER 1` is an enum.
record ProtoFile(FileDescriptor file) {
    private static final List<FileDescriptor> KNOWN =
            List.of(TimestampProto.getDescriptor(), DurationProto.getDescriptor(), WrappersProto.getDescriptor());

    static ProtoFile of(String syntax, String... lines) {
        StringBuilder text = new StringBuilder("name: 'a.proto' package: 'shop' " + syntax);
        KNOWN.forEach(file -> text.append(" dependency: '" + file.getName() + "'"));
        for (String line : lines) {
            int colon = line.indexOf(": ");
            String name = line.substring(0, colon);
            List<String> members = Arrays.asList(line.substring(colon + 2).split(", "));
            text.append(
                    name.startsWith("enum ")
                            ? enumeration(name.substring(5), members)
                            : "message_type { " + message(name, members) + " }");
        }
        try {
            FileDescriptorProto.Builder built = FileDescriptorProto.newBuilder();
            TextFormat.merge(text, built);
            return new ProtoFile(FileDescriptor.buildFrom(built.build(), KNOWN.toArray(FileDescriptor[]::new)));
        } catch (TextFormat.ParseException | DescriptorValidationException wrong) {
            throw new IllegalArgumentException(text.toString(), wrong);
        }
    }

    private static String enumeration(String name, List<String> members) {
        StringBuilder text = new StringBuilder(" enum_type { name: '" + name + "'");
        for (String member : members) {
            String[] words = member.split(" ");
            text.append(" value { name: '" + words[0] + "' number: " + words[1] + " }");
        }
        return text + " }";
    }

    private static String message(String name, List<String> members) {
        StringBuilder text = new StringBuilder("name: '" + name + "'");
        for (String member : members) {
            String[] words = member.split(" ", 4);
            if (member.startsWith("oneof ")) {
                text.append(" oneof_decl { name: '" + words[1] + "' }");
            } else if (words[1].startsWith("map<")) {
                String[] types = words[1].substring(4, words[1].length() - 1).split(";");
                String entry =
                        words[0].substring(0, 1).toUpperCase(java.util.Locale.ROOT) + words[0].substring(1) + "Entry";
                text.append(" nested_type { options { map_entry: true } "
                        + message(entry, List.of("key " + types[0] + " 1", "value " + types[1] + " 2")) + " }");
                text.append(field(words[0], ".shop." + name + "." + entry + "*", words[2], ""));
            } else {
                text.append(field(words[0], words[1], words[2], words.length > 3 ? words[3] : ""));
            }
        }
        return text.toString();
    }

    private static String field(String name, String type, String number, String more) {
        String label = type.endsWith("*") ? "REPEATED" : type.endsWith("!") ? "REQUIRED" : "OPTIONAL";
        String plain = type.replaceFirst("[*!]$", "");
        String kind = switch (plain.charAt(0)) {
            case '.' -> "type: TYPE_MESSAGE type_name: '" + plain + "'";
            case '%' -> "type: TYPE_ENUM type_name: '" + plain.substring(1) + "'";
            case '@' -> "type: TYPE_GROUP type_name: '" + plain.substring(1) + "'";
            default -> "type: TYPE_" + plain.toUpperCase(java.util.Locale.ROOT);
        };
        return " field { name: '" + name + "' number: " + number + " label: LABEL_" + label + " " + kind + " " + more
                + " }";
    }

    Descriptor message(String name) {
        return file.findMessageTypeByName(name);
    }

    /// What `protoc --include_imports --descriptor_set_out` would write.
    byte[] set() {
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        List<FileDescriptor> all = new ArrayList<>(KNOWN);
        all.add(file);
        all.forEach(each -> set.addFile(each.toProto()));
        return set.build().toByteArray();
    }
}

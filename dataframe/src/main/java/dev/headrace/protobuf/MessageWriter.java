package dev.headrace.protobuf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Writes the fields of a struct as those of a message, in the order of their numbers.
final class MessageWriter {
    /// From the last number to the first.
    private final List<FieldWriter> fields;
    /// Of which at most one may be given.
    private final List<List<FieldWriter>> oneofs;

    MessageWriter(List<FieldWriter> fields) {
        this.fields = fields.stream()
                .sorted(Comparator.comparingInt(
                                (FieldWriter writer) -> writer.field().number())
                        .reversed())
                .toList();
        this.oneofs = new ArrayList<>(fields.stream()
                .filter(writer -> writer.field().oneof() >= 0)
                .collect(Collectors.groupingBy(writer -> writer.field().oneof()))
                .values());
        oneofs.removeIf(members -> members.size() == 1);
    }

    /// The fields alone, without a length or a tag.
    ///
    /// @throws dev.headrace.errors.DataException `PROTOBUF_VALUE_MISMATCH`
    void write(Object cell, WireWriter out) {
        List<?> values = (List<?>) cell;
        for (List<FieldWriter> members : oneofs) {
            List<String> given = members.stream()
                    .filter(member -> values.get(member.ordinal()) != null)
                    .map(FieldWriter::path)
                    .toList();
            if (given.size() > 1) {
                throw ProtobufErrors.wrongValue(
                        "of the oneof with '" + String.join("', '", given) + "' more than one is not null");
            }
        }
        for (FieldWriter field : fields) {
            field.write(values.get(field.ordinal()), out);
        }
    }
}

package dev.headrace.protobuf;

import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.StructWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Reads messages into structs. Used by one thread.
final class MessageReader implements ValueReader {
    private final int endTag;
    /// By their numbers.
    private final FieldReader[] fields;

    private final int[] numbers;

    /// @param endTag of a group, else 0
    MessageReader(int endTag, List<FieldReader> fields) {
        this.endTag = endTag;
        this.fields = fields.stream()
                .sorted(Comparator.comparingInt(reader -> reader.field().number()))
                .toArray(FieldReader[]::new);
        this.numbers = new int[this.fields.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = this.fields[i].field().number();
        }
    }

    @Override
    public void read(WireReader in, ColumnWriter out, int row) throws MalformedMessage {
        int outer = in.begin(endTag);
        readFields(in, (StructWriter) out, row);
        in.finish(outer);
    }

    /// Reads a message that ends where the bytes do.
    void readFields(WireReader in, StructWriter out, int row) throws MalformedMessage {
        out.putStruct(row);
        int likely = 0;
        for (int tag = in.next(endTag); tag != 0; tag = in.next(endTag)) {
            int index = indexOf(WireReader.number(tag), likely);
            if (index < 0) {
                in.skip(tag);
                continue;
            }
            fields[index].read(in, tag, out, row);
            likely = index;
        }
    }

    /// @param likely where the field before was: it may come again, or the next one does
    private int indexOf(int number, int likely) {
        for (int i = likely; i < Math.min(likely + 2, numbers.length); i++) {
            if (numbers[i] == number) {
                return i;
            }
        }
        return Arrays.binarySearch(numbers, number);
    }

    @Override
    public void putDefault(ColumnWriter out, int row) throws MalformedMessage {
        ((StructWriter) out).putStruct(row);
        finish(out, row);
    }

    @Override
    public void finish(ColumnWriter out, int row) throws MalformedMessage {
        for (FieldReader field : fields) {
            field.finish((StructWriter) out, row);
        }
    }
}

package dev.headrace.protobuf;

import dev.headrace.columns.ColumnWriter;

/// Reads the value in a message such as `google.protobuf.Int32Value` in its place.
///
/// @param endTag of a group, else 0
/// @param defaults whether a message without a value is zero, rather than null
record WrapperReader(int endTag, MessageField field, ValueReader value, boolean defaults) implements ValueReader {
    @Override
    public void read(WireReader in, ColumnWriter out, int row) throws MalformedMessage {
        int outer = in.begin(endTag);
        for (int tag = in.next(endTag); tag != 0; tag = in.next(endTag)) {
            if (tag == WireReader.tag(field.number(), field.kind().wire)) {
                value.read(in, out, row);
            } else {
                in.skip(tag);
            }
        }
        in.finish(outer);
        if (defaults && !out.isValid(row)) {
            value.putDefault(out, row);
        }
    }

    @Override
    public void putDefault(ColumnWriter out, int row) throws MalformedMessage {
        if (defaults) {
            value.putDefault(out, row);
        }
    }
}

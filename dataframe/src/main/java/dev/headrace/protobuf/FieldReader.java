package dev.headrace.protobuf;

import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.ListWriter;
import dev.headrace.columns.StructWriter;

/// Reads a field of a message, each time that it is given, into a field of a struct.
///
/// @param path for errors
/// @param ordinal of the struct's field; -1 if the field is passed over
/// @param rivals the ordinals of the struct's fields that are not given if this one is: the others of a oneof
record FieldReader(MessageField field, String path, int ordinal, int[] rivals, Absence absence, ValueReader value) {
    /// What it means that a field is not given.
    enum Absence {
        NULL,
        DEFAULT,
        MALFORMED
    }

    void read(WireReader in, int tag, StructWriter struct, int row) throws MalformedMessage {
        for (int rival : rivals) {
            ColumnWriter other = struct.field(rival);
            if (other.isValid(row)) {
                other.clear(row, row + 1);
            }
        }
        if (ordinal < 0) {
            in.skip(tag);
            return;
        }
        int wire = WireReader.wire(tag);
        ColumnWriter out = struct.field(ordinal);
        boolean packed =
                wire == WireReader.LENGTH && field.repeated() && field.kind().isPackable();
        if (wire != field.kind().wire && !packed) {
            throw new MalformedMessage(
                    "the field '" + path + "', " + field.type() + ", has a value of the wire type " + wire);
        }
        if (!field.repeated()) {
            value.read(in, out, row);
            return;
        }
        ListWriter list = (ListWriter) out;
        if (!list.isValid(row)) {
            list.begin(row);
        }
        if (packed) {
            int outer = in.enter();
            while (in.hasMore()) {
                element(in, list);
            }
            in.leave(outer);
        } else {
            element(in, list);
        }
        list.end(row);
    }

    private void element(WireReader in, ListWriter list) throws MalformedMessage {
        int row = list.append();
        value.read(in, list.elements(), row);
        value.finish(list.elements(), row);
    }

    /// Called when the message has ended.
    void finish(StructWriter struct, int row) throws MalformedMessage {
        if (ordinal < 0) {
            return;
        }
        ColumnWriter out = struct.field(ordinal);
        if (field.repeated()) {
            if (!out.isValid(row)) {
                ((ListWriter) out).begin(row);
                ((ListWriter) out).end(row);
            }
        } else if (out.isValid(row)) {
            value.finish(out, row);
        } else {
            switch (absence) {
                case NULL -> {}
                case DEFAULT -> value.putDefault(out, row);
                case MALFORMED -> throw new MalformedMessage("the field '" + path + "', which is required, is missing");
            }
        }
    }
}

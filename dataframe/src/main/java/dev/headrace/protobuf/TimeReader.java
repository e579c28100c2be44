package dev.headrace.protobuf;

import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.FixedWriter;

/// Reads messages of seconds and nanoseconds into microseconds. What is less than one is left out, as in Spark.
///
/// @param endTag of a group, else 0
/// @param sign whether nanoseconds have the sign of the seconds, as in a duration; in a timestamp they count forwards
record TimeReader(int endTag, int secondsNumber, int nanosNumber, boolean sign) implements ValueReader {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    static TimeReader of(MessageField field, MessageType type) {
        return new TimeReader(
                field.endTag(),
                type.fields().get(0).number(),
                type.fields().get(1).number(),
                type.isTime("Duration"));
    }

    @Override
    public void read(WireReader in, ColumnWriter out, int row) throws MalformedMessage {
        long seconds = 0;
        int nanos = 0;
        if (out.read(row) instanceof Long before) {
            seconds = sign ? before / MICROS_PER_SECOND : Math.floorDiv(before, MICROS_PER_SECOND);
            nanos = (int) (before - seconds * MICROS_PER_SECOND) * NANOS_PER_MICRO;
        }
        int outer = in.begin(endTag);
        for (int tag = in.next(endTag); tag != 0; tag = in.next(endTag)) {
            if (tag == WireReader.tag(secondsNumber, WireReader.VARINT)) {
                seconds = in.varint();
            } else if (tag == WireReader.tag(nanosNumber, WireReader.VARINT)) {
                nanos = (int) in.varint();
            } else {
                in.skip(tag);
            }
        }
        in.finish(outer);
        try {
            long micros = Math.multiplyExact(seconds, MICROS_PER_SECOND);
            ((FixedWriter) out).putLong(row, Math.addExact(micros, (long) nanos / NANOS_PER_MICRO));
        } catch (ArithmeticException tooLarge) {
            throw new MalformedMessage(seconds + " seconds are too many for a time in microseconds");
        }
    }

    @Override
    public void putDefault(ColumnWriter out, int row) {
        ((FixedWriter) out).putLong(row, 0);
    }
}

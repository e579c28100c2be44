package dev.headrace.protobuf;

/// Reads Protobuf's wire format from bytes in memory. Every length is held against the bytes that there are, and
/// messages within messages against a limit, so that damaged bytes cost no more than their number.
final class WireReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int START_GROUP = 3;
    static final int END_GROUP = 4;
    static final int FIXED32 = 5;

    /// As in Protobuf's own parsers.
    private static final int MOST_DEPTH = 100;
    private static final int WIRE_BITS = 3;

    private byte[] bytes = new byte[0];
    private int at;
    /// The end of the message that is being read.
    private int end;

    private int depth;

    static int wire(int tag) {
        return tag & (1 << WIRE_BITS) - 1;
    }

    static int number(int tag) {
        return tag >>> WIRE_BITS;
    }

    static int tag(int number, int wire) {
        return number << WIRE_BITS | wire;
    }

    /// Begins with other bytes, which must not change while they are read.
    void reset(byte[] newBytes, int from, int length) {
        bytes = newBytes;
        at = from;
        end = from + length;
        depth = 0;
    }

    boolean hasMore() {
        return at < end;
    }

    /// The array that is read.
    byte[] array() {
        return bytes;
    }

    /// Where in the array the next byte is.
    int position() {
        return at;
    }

    /// Begins a message within one.
    ///
    /// @param endTag 0 if a length stands before it, else the tag that ends it
    /// @return what to give [#finish]
    int begin(int endTag) throws MalformedMessage {
        if (++depth > MOST_DEPTH) {
            throw new MalformedMessage("there are more than " + MOST_DEPTH + " messages within each other");
        }
        return endTag == 0 ? enter() : end;
    }

    void finish(int outer) {
        depth--;
        end = outer;
    }

    /// Begins what has a length before it, and is read while there is [more][#hasMore].
    ///
    /// @return what to give [#leave]
    int enter() throws MalformedMessage {
        int length = length();
        int outer = end;
        end = at + length;
        return outer;
    }

    void leave(int outer) {
        end = outer;
    }

    /// The tag of the next field; 0 if the message has ended.
    int next(int endTag) throws MalformedMessage {
        if (at == end && endTag == 0) {
            return 0;
        }
        long tag = varint();
        if (tag >>> WIRE_BITS == 0 || tag >>> Integer.SIZE != 0) {
            throw new MalformedMessage(tag + " is no tag of a field");
        }
        if (tag == Integer.toUnsignedLong(endTag)) {
            return 0;
        }
        if (wire((int) tag) == END_GROUP) {
            throw new MalformedMessage("group " + number((int) tag) + " ends, which has not begun");
        }
        return (int) tag;
    }

    long varint() throws MalformedMessage {
        if (at < end && bytes[at] >= 0) {
            return bytes[at++];
        }
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            require(1);
            byte part = bytes[at++];
            value |= (part & 0x7FL) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new MalformedMessage("a number has more than 10 bytes");
    }

    /// A number whose sign is its last bit.
    long zigzag() throws MalformedMessage {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    int zigzag32() throws MalformedMessage {
        int value = (int) varint();
        return (value >>> 1) ^ -(value & 1);
    }

    int fixed32() throws MalformedMessage {
        require(Integer.BYTES);
        int value = (bytes[at] & 0xFF)
                | (bytes[at + 1] & 0xFF) << 8
                | (bytes[at + 2] & 0xFF) << 16
                | (bytes[at + 3] & 0xFF) << 24;
        at += Integer.BYTES;
        return value;
    }

    long fixed64() throws MalformedMessage {
        require(Long.BYTES);
        return Integer.toUnsignedLong(fixed32()) | (long) fixed32() << Integer.SIZE;
    }

    /// A length, which the bytes have that follow.
    int length() throws MalformedMessage {
        long length = varint();
        require(length);
        return (int) length;
    }

    void advance(int count) {
        at += count;
    }

    private void require(long count) throws MalformedMessage {
        if (count < 0 || count > end - at) {
            throw new MalformedMessage(
                    Long.toUnsignedString(count) + " bytes should follow, but there are " + (end - at));
        }
    }

    /// Passes over the value that the tag announces.
    void skip(int tag) throws MalformedMessage {
        switch (wire(tag)) {
            case VARINT -> varint();
            case FIXED64 -> fixed64();
            case LENGTH -> advance(length());
            case START_GROUP -> {
                int endTag = tag(number(tag), END_GROUP);
                int outer = begin(endTag);
                for (int inner = next(endTag); inner != 0; inner = next(endTag)) {
                    skip(inner);
                }
                finish(outer);
            }
            case FIXED32 -> fixed32();
            default -> throw new MalformedMessage("field " + number(tag) + " has the wire type " + wire(tag));
        }
    }
}

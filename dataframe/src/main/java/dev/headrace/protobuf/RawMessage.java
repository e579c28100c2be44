package dev.headrace.protobuf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A message of which only the wire format is known: as which descriptors are read.
final class RawMessage {
    private static final int MOST_DEPTH = 100;

    private final int depth;
    private final Map<Integer, List<Long>> numbers = new HashMap<>();
    private final Map<Integer, List<byte[]>> values = new HashMap<>();

    private RawMessage(int depth) {
        this.depth = depth;
    }

    static RawMessage of(byte[] bytes) throws MalformedMessage {
        return of(bytes, 0);
    }

    private static RawMessage of(byte[] bytes, int depth) throws MalformedMessage {
        if (depth > MOST_DEPTH) {
            throw new MalformedMessage("there are more than " + MOST_DEPTH + " messages within each other");
        }
        RawMessage message = new RawMessage(depth);
        WireReader in = new WireReader();
        in.reset(bytes, 0, bytes.length);
        for (int tag = in.next(0); tag != 0; tag = in.next(0)) {
            int number = WireReader.number(tag);
            switch (WireReader.wire(tag)) {
                case WireReader.VARINT ->
                    message.numbers
                            .computeIfAbsent(number, _ -> new ArrayList<>())
                            .add(in.varint());
                case WireReader.LENGTH -> {
                    byte[] value = new byte[in.length()];
                    System.arraycopy(bytes, in.position(), value, 0, value.length);
                    in.advance(value.length);
                    message.values
                            .computeIfAbsent(number, _ -> new ArrayList<>())
                            .add(value);
                }
                default -> in.skip(tag);
            }
        }
        return message;
    }

    boolean has(int field) {
        return numbers.containsKey(field) || values.containsKey(field);
    }

    long number(int field) {
        return numbers.containsKey(field) ? numbers.get(field).getLast() : 0;
    }

    /// The text of a field, empty if it is not there.
    String text(int field) {
        return values.containsKey(field) ? new String(values.get(field).getLast(), StandardCharsets.UTF_8) : "";
    }

    /// The message of a field, empty if it is not there. One that is given in parts is one.
    RawMessage message(int field) throws MalformedMessage {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        values.getOrDefault(field, List.of()).forEach(all::writeBytes);
        return of(all.toByteArray(), depth + 1);
    }

    List<RawMessage> messages(int field) throws MalformedMessage {
        List<RawMessage> messages = new ArrayList<>();
        for (byte[] value : values.getOrDefault(field, List.of())) {
            messages.add(of(value, depth + 1));
        }
        return messages;
    }
}

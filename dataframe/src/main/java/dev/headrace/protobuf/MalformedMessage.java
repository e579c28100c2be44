package dev.headrace.protobuf;

/// Bytes are no message of their type. The text says what was found, as a part of a sentence.
final class MalformedMessage extends Exception {
    private static final long serialVersionUID = 1L;

    private final String found;

    MalformedMessage(String found) {
        // It may come for each of many messages, and where it comes from tells nothing: no trace is kept.
        super(found, null, false, false);
        this.found = found;
    }

    String found() {
        return found;
    }
}

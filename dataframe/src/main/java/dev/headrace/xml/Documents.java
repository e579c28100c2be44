package dev.headrace.xml;

import java.util.function.Function;

/// Reads one document after the other: those that are plain with the reader that is faster. Used by one thread.
final class Documents {
    private final PlainReader plain;
    private final DocumentReader any;

    /// @param prefixes whether names have their namespace's prefix
    Documents(boolean prefixes) {
        plain = new PlainReader(prefixes);
        any = new DocumentReader(prefixes);
    }

    /// @param reading is given a reader at the start of the root; it may be given another one, at the same place, after
    ///     the first has failed
    /// @throws Malformed
    <R> R read(String xml, Function<ElementReader, R> reading) {
        try {
            plain.open(xml);
            return reading.apply(plain);
        } catch (PlainReader.Unusual _) {
            // for the other reader
        }
        try (any) {
            any.open(xml);
            return reading.apply(any);
        }
    }
}

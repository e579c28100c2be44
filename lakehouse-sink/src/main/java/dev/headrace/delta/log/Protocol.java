package dev.headrace.delta.log;

import java.util.Set;
import java.util.TreeSet;

/// What a reader and a writer must understand to touch a table.
///
/// @param readerFeatures named features, from reader version 3 on
/// @param writerFeatures named features, from writer version 7 on
public record Protocol(
        int minReaderVersion, int minWriterVersion, Set<String> readerFeatures, Set<String> writerFeatures)
        implements Action {

    /// What every Delta reader and writer of the last years understands.
    public static final Protocol BASIC = new Protocol(1, 2, Set.of(), Set.of());

    public Protocol {
        readerFeatures = Set.copyOf(readerFeatures);
        writerFeatures = Set.copyOf(writerFeatures);
    }

    /// For messages.
    String describe() {
        return "reader version " + minReaderVersion + " and writer version " + minWriterVersion
                + (writerFeatures.isEmpty() ? "" : " with " + String.join(", ", new TreeSet<>(writerFeatures)));
    }
}

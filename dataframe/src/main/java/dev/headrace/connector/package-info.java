/// What a connector implements: tables that can be read in batch or as a stream, and sinks that can be written.
/// Connectors are found by [java.util.ServiceLoader] under their `format("…")` names. Entry type: [Connector].
@NullMarked
package dev.headrace.connector;

import org.jspecify.annotations.NullMarked;

package dev.headrace.exec;

import dev.headrace.connector.Split;

/// A split that holds memory or files until it has been read or closed.
interface HeldSplit extends Split, AutoCloseable {
    /// May be called twice.
    @Override
    void close();
}

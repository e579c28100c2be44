package dev.headrace.state;

/// Writes one version of a state.
public interface VersionWriter extends StateReader {
    /// When the next entry expires; the largest number if none does.
    long nextExpiry();

    /// Makes the changes durable as the version after the base. The cost is that of the changes.
    StateVersion commit();

    /// Discards the changes unless [#commit] has returned.
    @Override
    void close();
}

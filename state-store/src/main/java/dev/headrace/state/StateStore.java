package dev.headrace.state;

/// A versioned map from keys to values.
public non-sealed interface StateStore extends VersionedState {
    @Override
    StateWriter write(StateVersion base);
}

package dev.headrace.exec;

/// An operator and all below it, ready to run: expressions compiled, layouts decided. Immutable, may be run many times,
/// but not twice at the same time.
public interface Prepared {
    /// Begins a run: runs what must be complete before the first row can come out, such as the build side of a join,
    /// and gives the rest as a stage.
    Stage open(RunContext run);
}

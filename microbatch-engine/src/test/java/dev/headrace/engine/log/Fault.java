package dev.headrace.engine.log;

/// What can go wrong when a file is created.
enum Fault {
    /// The process ends and the file is not there.
    CRASH_BEFORE,
    /// The process ends and the file is there.
    CRASH_AFTER,
    /// The process ends and half of the file is there, as on storage that breaks its promise.
    TORN,
    /// The call fails and the file is not there.
    UNREACHABLE,
    /// The call fails although the file is there.
    ANSWER_LOST,
    DISK_FULL,
    READ_ONLY,
    ACCESS_DENIED,
    /// Another driver has created the file, and has gone on and deleted it before it could be read.
    PURGED
}

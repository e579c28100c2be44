package dev.headrace.files;

/// The names of the files that a task writes.
///
/// @param task `part-<task>` and what tells the write from others
/// @param rest what follows, with the extension
record PartName(String task, String rest) {
    String text() {
        return task + rest;
    }

    /// The name from which Spark knows the bucket.
    String ofBucket(int bucket) {
        return task + String.format("_%05d", bucket) + rest;
    }
}

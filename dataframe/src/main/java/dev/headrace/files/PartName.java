package dev.headrace.files;

/// The names of the files that a task writes of rows that go to one place: one, or several that are numbered.
///
/// @param task `part-<task>` and what tells the write from others
/// @param mark what follows the bucket
/// @param extension without the dot
record PartName(String task, String mark, String extension) {
    /// Of the rows of a bucket, whose number Spark knows from the name.
    PartName ofBucket(int bucket) {
        return new PartName(task + String.format("_%05d", bucket), mark, extension);
    }

    /// @param number from 0
    String ofFile(int number) {
        return task + mark + String.format(".c%03d.", number) + extension;
    }
}

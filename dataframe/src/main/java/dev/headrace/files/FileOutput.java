package dev.headrace.files;

/// How a format writes rows into the files of a directory.
///
/// @param extension of the files, such as `json.gz`
/// @param files makes them
public record FileOutput(String extension, PartFiles files) {}

package dev.headrace.delta.log;

/// A line of a commit whose kind Headrace does nothing with, such as `domainMetadata`.
///
/// @param kind the line's one key
public record UnknownAction(String kind) implements Action {}

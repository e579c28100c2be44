package dev.headrace.delta.log;

/// One line of a commit: a change from one version of a table to the next.
public sealed interface Action
        permits AddFile,
                RemoveFile,
                AddChangeFile,
                TableMetadata,
                Protocol,
                SetTransaction,
                CommitInfo,
                UnknownAction {}

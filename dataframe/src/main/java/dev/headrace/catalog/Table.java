package dev.headrace.catalog;

import org.jspecify.annotations.Nullable;

/// A table or view, from [dev.headrace.Catalog#getTable].
///
/// @param catalog null for a temporary view
/// @param database null for a temporary view
/// @param tableType `TEMPORARY`, `VIEW`, `EXTERNAL` or `MANAGED`
public record Table(
        String name, @Nullable String catalog, @Nullable String database, String tableType, boolean isTemporary) {}

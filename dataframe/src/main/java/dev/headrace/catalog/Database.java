package dev.headrace.catalog;

/// A database, from [dev.headrace.Catalog#getDatabase].
///
/// @param description of what it is for
/// @param locationUri where its managed tables lie
public record Database(String name, String catalog, String description, String locationUri) {}

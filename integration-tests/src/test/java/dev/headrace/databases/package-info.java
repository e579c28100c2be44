/// Streams into tables of databases.
@NullMarked
package dev.headrace.databases;

import org.jspecify.annotations.NullMarked;

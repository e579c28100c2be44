/// The DataFrame API, with Spark's names: sessions, DataFrames, columns, functions, rows, readers and writers. Entry
/// types: [Session], [DataFrame], [functions].
@NullMarked
package dev.headrace;

import org.jspecify.annotations.NullMarked;

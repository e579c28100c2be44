/// The log of a Delta table: what a version of the table consists of, and how the next version is committed. Knows
/// nothing of rows. Entry type: [TableLog].
@NullMarked
package dev.headrace.delta.log;

import org.jspecify.annotations.NullMarked;

/// Versioned state, which streaming operators read and write in batches: maps by keys and logs of rows. Entry types:
/// [StateBackend] (where state comes from), [StateStore], [RowLog].
@NullMarked
package dev.headrace.state;

import org.jspecify.annotations.NullMarked;

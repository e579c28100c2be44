/// Versioned keyed state, which streaming operators read and write in batches of keys. Entry types: [StateBackend]
/// (where stores come from), [StateStore], [StateReader], [StateWriter].
@NullMarked
package dev.headrace.state;

import org.jspecify.annotations.NullMarked;

/// State in memory, with changelogs on disk. Entry type: [MemoryStateBackend].
@NullMarked
package dev.headrace.state.memory;

import org.jspecify.annotations.NullMarked;

/// The streams that the engine brings. Entry type: [MemoryStream].
@NullMarked
package dev.headrace.engine.source;

import org.jspecify.annotations.NullMarked;

/// Work that is given up when nobody waits for it any more. Entry type: [Cancellation].
@NullMarked
package dev.headrace.cancellation;

import org.jspecify.annotations.NullMarked;

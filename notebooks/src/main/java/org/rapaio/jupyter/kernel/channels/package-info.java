/// Replaces one class of the kernel; see decision 91.
@NullMarked
package org.rapaio.jupyter.kernel.channels;

import org.jspecify.annotations.NullMarked;

/// Reads and summarises a Delta table's log with Delta Kernel's public API, and commits to it with Headrace's own
/// commit layer. Entry type: [KernelTableLog].
@NullMarked
package dev.headrace.delta.kernel;

import org.jspecify.annotations.NullMarked;

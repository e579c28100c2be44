/// Queries in processes that are killed.
@NullMarked
package dev.headrace.crash;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.headrace.chunk;

import org.jspecify.annotations.NullMarked;

/// Functions that programs register for queries.
@NullMarked
package dev.headrace.api.java;

import org.jspecify.annotations.NullMarked;

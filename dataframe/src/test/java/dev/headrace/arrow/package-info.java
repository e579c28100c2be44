@NullMarked
package dev.headrace.arrow;

import org.jspecify.annotations.NullMarked;

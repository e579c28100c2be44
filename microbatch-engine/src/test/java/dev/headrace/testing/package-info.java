@NullMarked
package dev.headrace.testing;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.headrace.orc;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.headrace.leakcheck;

import org.jspecify.annotations.NullMarked;

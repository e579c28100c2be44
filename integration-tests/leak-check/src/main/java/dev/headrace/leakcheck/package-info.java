/// Holds every test class of every module to leaving nothing behind.
@NullMarked
package dev.headrace.leakcheck;

import org.jspecify.annotations.NullMarked;

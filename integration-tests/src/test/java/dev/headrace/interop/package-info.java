/// Tables that other engines read and write, too.
@NullMarked
package dev.headrace.interop;

import org.jspecify.annotations.NullMarked;

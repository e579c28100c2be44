/// What tests need on the machine beyond the JVM.
@NullMarked
package dev.headrace.machine;

import org.jspecify.annotations.NullMarked;

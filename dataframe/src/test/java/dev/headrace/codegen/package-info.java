@NullMarked
package dev.headrace.codegen;

import org.jspecify.annotations.NullMarked;

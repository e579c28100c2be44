@NullMarked
package dev.headrace.binaryfile;

import org.jspecify.annotations.NullMarked;

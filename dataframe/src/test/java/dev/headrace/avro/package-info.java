@NullMarked
package dev.headrace.avro;

import org.jspecify.annotations.NullMarked;

/// The programs of docs/examples.
@NullMarked
package dev.headrace.examples;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.headrace.csv;

import org.jspecify.annotations.NullMarked;

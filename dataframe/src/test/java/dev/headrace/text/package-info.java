@NullMarked
package dev.headrace.text;

import org.jspecify.annotations.NullMarked;

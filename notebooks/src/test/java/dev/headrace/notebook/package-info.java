@NullMarked
package dev.headrace.notebook;

import org.jspecify.annotations.NullMarked;

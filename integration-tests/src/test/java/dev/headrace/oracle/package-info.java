/// Queries whose results are compared with those of another engine.
@NullMarked
package dev.headrace.oracle;

import org.jspecify.annotations.NullMarked;

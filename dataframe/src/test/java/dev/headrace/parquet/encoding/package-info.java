@NullMarked
package dev.headrace.parquet.encoding;

import org.jspecify.annotations.NullMarked;

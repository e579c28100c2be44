@NullMarked
package dev.headrace.parquet.metadata;

import org.jspecify.annotations.NullMarked;

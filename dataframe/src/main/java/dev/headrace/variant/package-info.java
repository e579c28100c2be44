/// The binary form of variants, values of any shape that carry their types: that of the Parquet format and of Spark.
/// Entry type: [dev.headrace.variant.Variant].
@NullMarked
package dev.headrace.variant;

import org.jspecify.annotations.NullMarked;

/// The functional interfaces that methods of the API take, named as in Spark (`org.apache.spark.api.java.function`).
/// All may throw checked exceptions.
@NullMarked
package dev.headrace.api.java.function;

import org.jspecify.annotations.NullMarked;

/// Spark with Delta in a process of its own: [SparkProcess] starts it, [SparkMain] runs SQL there.
@NullMarked
package dev.headrace.sparkdelta;

import org.jspecify.annotations.NullMarked;

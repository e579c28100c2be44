/// Sketches: summaries of many values in few bytes, as Apache DataSketches has them, and Spark's count-min sketch. The
/// bytes are those of Spark. Entry types: [SketchAggregates], which binds the aggregate functions, and
/// [SketchFunctions]. For sibling packages; not API.
@NullMarked
package dev.headrace.function.sketch;

import org.jspecify.annotations.NullMarked;

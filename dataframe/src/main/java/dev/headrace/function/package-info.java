/// The function library: what each scalar and aggregate function means, one static method a function, and the registry
/// that finds them by name and argument types. Entry types: [ScalarFunction], [AggregateFunction]. For sibling modules;
/// not API.
@NullMarked
package dev.headrace.function;

import org.jspecify.annotations.NullMarked;

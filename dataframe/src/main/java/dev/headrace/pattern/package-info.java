/// Finding patterns in the rows of a key: [MatchCall] is the function that a plan calls.
@NullMarked
package dev.headrace.pattern;

import org.jspecify.annotations.NullMarked;

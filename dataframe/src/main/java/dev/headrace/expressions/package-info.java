/// Windows for window functions: [dev.headrace.expressions.Window].
@NullMarked
package dev.headrace.expressions;

import org.jspecify.annotations.NullMarked;

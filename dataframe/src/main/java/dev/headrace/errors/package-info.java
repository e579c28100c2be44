/// What can go wrong, sorted by who must act: one type per kind of reaction, a stable code per cause.
@NullMarked
package dev.headrace.errors;

import org.jspecify.annotations.NullMarked;

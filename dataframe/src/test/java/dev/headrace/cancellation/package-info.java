/// What tests of cancellation share.
@NullMarked
package dev.headrace.cancellation;

import org.jspecify.annotations.NullMarked;

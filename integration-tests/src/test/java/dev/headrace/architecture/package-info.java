/// What may depend on what, checked on the product's classes.
@NullMarked
package dev.headrace.architecture;

import org.jspecify.annotations.NullMarked;

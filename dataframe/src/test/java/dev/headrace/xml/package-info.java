@NullMarked
package dev.headrace.xml;

import org.jspecify.annotations.NullMarked;

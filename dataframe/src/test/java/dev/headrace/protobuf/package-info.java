@NullMarked
package dev.headrace.protobuf;

import org.jspecify.annotations.NullMarked;

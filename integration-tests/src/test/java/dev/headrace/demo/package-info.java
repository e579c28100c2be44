/// Tests of the demo's parts that need processes of their own.
@NullMarked
package dev.headrace.demo;

import org.jspecify.annotations.NullMarked;

/// Tools for programs that test their streaming queries: [dev.headrace.testing.StreamTest] runs one step by step,
/// [dev.headrace.testing.StreamFuzz] runs it in many ways.
@NullMarked
package dev.headrace.testing;

import org.jspecify.annotations.NullMarked;

/// Expressions turned into code: the only package that knows Janino. Entry type: [ComputeProgram]. For sibling modules;
/// not API.
@NullMarked
package dev.headrace.codegen;

import org.jspecify.annotations.NullMarked;

/// What the file formats share: which files a path stands for, parts of files, compression, and directories that appear
/// only when they are complete. Entry types: [InputFiles], [OutputDirectory]. For the formats' packages; not API.
@NullMarked
package dev.headrace.files;

import org.jspecify.annotations.NullMarked;

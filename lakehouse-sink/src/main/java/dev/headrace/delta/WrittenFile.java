package dev.headrace.delta;

import dev.headrace.delta.log.AddFile;
import java.nio.file.Path;

/// A complete data file that no commit names yet.
record WrittenFile(Path file, AddFile action, long rows) {}

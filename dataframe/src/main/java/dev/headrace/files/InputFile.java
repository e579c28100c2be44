package dev.headrace.files;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A file of a table, as it was when the table was listed.
///
/// @param path where it lies
/// @param bytes its length
/// @param modifiedMillis when it was last changed, in milliseconds since the epoch
/// @param partition the values that directories named `key=value` between the table's root and the file give, in the
///     order of the path, unescaped; a value is empty for `__HIVE_DEFAULT_PARTITION__`, which stands for null
public record InputFile(Path path, long bytes, long modifiedMillis, Map<String, Optional<String>> partition) {
    public InputFile {
        partition = Collections.unmodifiableMap(new LinkedHashMap<>(partition));
    }
}

package dev.headrace.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
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

    /// Where it lies, as Spark writes it: `file:///data/a%20b.csv`.
    public String uri() {
        return path.toUri().toString();
    }

    public static List<String> uris(List<InputFile> files) {
        return files.stream().map(InputFile::uri).toList();
    }

    /// Tells whether a table of these files is still the same: from their paths, lengths and times.
    public static String version(List<InputFile> files) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        for (InputFile file : files) {
            String text = file.path() + "\n" + file.bytes() + "\n" + file.modifiedMillis() + "\n";
            digest.update(text.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}

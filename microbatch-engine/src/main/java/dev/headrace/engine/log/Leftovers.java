package dev.headrace.engine.log;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Files beside the entries that nobody needs any more.
final class Leftovers {

    /// What a crashed writer leaves: `.12.RUN.tmp`, and what Hadoop keeps beside such a file of Spark's,
    /// `..12.RUN.tmp.crc`.
    private static final Pattern TEMPORARY = Pattern.compile("\\..*\\.tmp(\\.crc)?");

    /// The checksum of an entry: `.12.crc` by Hadoop, `12.crc` by Spark.
    private static final Pattern SIDE_FILE = Pattern.compile("\\.?([0-9]{1,18})\\.crc");

    private Leftovers() {}

    /// Deletes temporary files, and checksums whose entry is gone: a new entry of that number would fail them.
    ///
    /// Only for the one who owns the checkpoint: a living writer's temporary file looks the same.
    ///
    /// @param isEntry whether there is an entry for a batch
    static void delete(CheckpointFiles files, String folder, Predicate<BatchId> isEntry) {
        try {
            for (String name : files.list(folder)) {
                Matcher sideFile = SIDE_FILE.matcher(name);
                boolean orphan = sideFile.matches() && !isEntry.test(new BatchId(Long.parseLong(sideFile.group(1))));
                if (orphan || TEMPORARY.matcher(name).matches()) {
                    files.delete(folder.isEmpty() ? name : folder + "/" + name);
                }
            }
        } catch (IOException e) {
            throw LogErrors.io(files.locate(folder), "cleaning up", e);
        }
    }

    /// The newest batch that has a checksum beside its entry, or -1.
    static long lastSideFile(List<String> names) {
        return names.stream()
                .map(SIDE_FILE::matcher)
                .filter(Matcher::matches)
                .mapToLong(name -> Long.parseLong(name.group(1)))
                .max()
                .orElse(-1);
    }

    /// What Hadoop and Spark may keep beside an entry.
    static List<String> sideFiles(BatchId id) {
        return List.of(HadoopChecksum.sideFileOf(id.toString()), id + ".crc");
    }
}

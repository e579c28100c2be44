package dev.headrace.files.source;

import dev.headrace.files.InputFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// For how long files have not changed, by the batches' clock. One whose time is later than the clock's has been as it
/// is since it was first seen: it was copied with its time, or the clock has been set back.
final class FileAges {
    private final long minMillis;
    private Map<InputFile, Long> firstSeen = Map.of();

    /// @param minMillis how old a file must be
    FileAges(long minMillis) {
        this.minMillis = minMillis;
    }

    /// Which of the files that wait are old enough.
    List<InputFile> oldEnough(List<InputFile> waiting, long now) {
        List<InputFile> old = new ArrayList<>();
        Map<InputFile, Long> seen = new HashMap<>();
        for (InputFile file : waiting) {
            long since = Math.min(file.modifiedMillis(), Math.min(firstSeen.getOrDefault(file, now), now));
            if (now - since >= minMillis) {
                old.add(file);
            } else if (since < file.modifiedMillis()) {
                seen.put(file, since);
            }
        }
        firstSeen = seen;
        return old;
    }
}

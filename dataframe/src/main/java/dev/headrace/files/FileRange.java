package dev.headrace.files;

import java.util.ArrayList;
import java.util.List;

/// A part of a file of lines: the lines that begin at `from` or later, and before `to`. The parts of a file together
/// hold each line once.
///
/// @param to at least the file's length for the last part
public record FileRange(InputFile file, long from, long to) {
    private static final long MAX_BYTES = 8L << 20;
    private static final long MIN_BYTES = 1L << 20;

    /// The whole file.
    public static FileRange whole(InputFile file) {
        return new FileRange(file, 0, Long.MAX_VALUE);
    }

    /// Files in parts of a size that keeps all threads busy; a file that can't be split is one part.
    ///
    /// @param splittable whether files may be split, unless they are compressed
    public static List<FileRange> split(List<InputFile> files, boolean splittable, int parallelism) {
        long total = files.stream().mapToLong(InputFile::bytes).sum();
        long size = Math.clamp(total / (4L * Math.max(1, parallelism)), MIN_BYTES, MAX_BYTES);
        List<FileRange> ranges = new ArrayList<>();
        for (InputFile file : files) {
            if (!splittable || Compression.of(file.path()) != Compression.NONE) {
                ranges.add(whole(file));
                continue;
            }
            long from = 0;
            // a last part of less than half the size joins the one before
            for (; file.bytes() - from > size + size / 2; from += size) {
                ranges.add(new FileRange(file, from, from + size));
            }
            ranges.add(new FileRange(file, from, Long.MAX_VALUE));
        }
        return ranges;
    }
}

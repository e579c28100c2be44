package dev.headrace.state.memory;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file with the last change of each key in the versions `(from, to]`; from 0 it holds the whole state.
record Run(Path file, long from, long to) {
    /// From the oldest to the newest, of those that begin at the same version the longest first.
    static final Comparator<Run> ORDER = Comparator.comparingLong(Run::from)
            .thenComparing(Comparator.comparingLong(Run::to).reversed());

    private static final Pattern NAME = Pattern.compile("(\\d{1,18})-(\\d{1,18})\\.run");

    static Run in(Path directory, long from, long to) {
        return new Run(directory.resolve(from + "-" + to + ".run"), from, to);
    }

    static Optional<Run> of(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches()
                ? Optional.of(new Run(file, Long.parseLong(name.group(1)), Long.parseLong(name.group(2))))
                : Optional.empty();
    }
}

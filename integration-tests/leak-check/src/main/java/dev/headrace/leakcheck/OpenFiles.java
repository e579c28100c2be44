package dev.headrace.leakcheck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/// The files of this process that are open, by path: data of any kind, not the JVM's own jars, libraries and fonts.
///
/// They are listed where the system tells them (`/proc/self/fd`, Linux); elsewhere there are none to see.
final class OpenFiles {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenFiles() {}

    static Set<String> now() {
        Set<String> open = new TreeSet<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return open;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                String target = target(descriptor);
                if (target.startsWith("/") && isData(target)) {
                    open.add(target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open;
    }

    private static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException closedMeanwhile) {
            return "";
        }
    }

    private static boolean isData(String path) {
        return !path.startsWith("/dev/")
                && !path.startsWith("/proc/")
                && !path.endsWith(".jar")
                && !path.endsWith(".so")
                && !path.endsWith(".ttf")
                && !path.endsWith(".so (deleted)")
                && !path.contains("surefire")
                && !path.contains("failsafe");
    }
}

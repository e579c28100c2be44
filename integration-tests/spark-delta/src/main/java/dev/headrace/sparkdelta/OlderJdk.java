package dev.headrace.sparkdelta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A JDK from 17 to 23, on which Spark and Flink run: the one Maven runs on, or one that lies where Debian puts them.
public final class OlderJdk {
    private OlderJdk() {}

    /// Its `java`.
    ///
    /// @throws IllegalStateException if there is none
    public static Path java() throws IOException {
        List<Path> homes = new ArrayList<>();
        for (String name : List.of("JAVA17_HOME", "JAVA21_HOME", "JAVA_HOME")) {
            String home = System.getenv(name);
            if (home != null) {
                homes.add(Path.of(home));
            }
        }
        Path debian = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> installed = Files.list(debian)) {
                homes.addAll(installed.sorted().toList());
            }
        }
        for (Path home : homes) {
            Path java = home.resolve("bin").resolve("java");
            int version = version(home.resolve("release"));
            if (version >= 17 && version < 24 && Files.isExecutable(java)) {
                return java;
            }
        }
        throw new IllegalStateException(
                "Spark and Flink need a JDK from 17 to 23, and none was found in JAVA17_HOME, JAVA21_HOME,"
                        + " JAVA_HOME and /usr/lib/jvm: install one (Debian: apt install openjdk-17-jre-headless).");
    }

    private static int version(Path release) throws IOException {
        if (!Files.isReadable(release)) {
            return 0;
        }
        for (String line : Files.readAllLines(release)) {
            if (line.startsWith("JAVA_VERSION=\"")) {
                String version = line.substring("JAVA_VERSION=\"".length());
                return Integer.parseInt(version.split("[^0-9]", 2)[0]);
            }
        }
        return 0;
    }
}

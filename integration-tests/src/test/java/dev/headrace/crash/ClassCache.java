package dev.headrace.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.demo.KafkaBroker;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// The classes that our programs load, in a file: who starts dozens of processes spends most of that time loading them.
///
/// @param classPath of jars: the JVM caches no classes of directories
public record ClassCache(Path file, String classPath) {
    private static final Path DIRECTORY = Path.of("target", "class-cache").toAbsolutePath();

    /// That of the classes which are tested. The first test that asks has it made; those that ask meanwhile wait.
    public static ClassCache shared() throws IOException, InterruptedException {
        Files.createDirectories(DIRECTORY);
        try (FileChannel file = FileChannel.open(
                        DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = file.lock()) {
            ClassCache cache =
                    new ClassCache(DIRECTORY.resolve("classes.aot"), String.join(File.pathSeparator, jars()));
            Path madeOf = DIRECTORY.resolve("made-of");
            String classes = classes();
            if (!Files.exists(madeOf) || !Files.readString(madeOf).equals(classes)) {
                Files.deleteIfExists(madeOf);
                cache.make();
                Files.writeString(madeOf, classes);
            }
            return cache;
        }
    }

    /// What changes when a class does.
    private static String classes() throws IOException {
        StringBuilder files = new StringBuilder(System.getProperty("java.home"));
        for (String entry : entries()) {
            try (Stream<Path> all = Files.walk(Path.of(entry))) {
                for (Path file : all.sorted().toList()) {
                    files.append('\n').append(file).append(' ').append(Files.getLastModifiedTime(file));
                }
            }
        }
        return files.toString();
    }

    /// Those of the class path that are there.
    private static List<String> entries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Files.exists(Path.of(entry)))
                .toList();
    }

    /// The class path's entries, each directory as the jar that it becomes.
    private static List<String> jars() {
        List<String> jars = new ArrayList<>();
        for (String entry : entries()) {
            jars.add(Files.isDirectory(Path.of(entry)) ? packed(entry).toString() : entry);
        }
        return jars;
    }

    private static Path packed(String directory) {
        return DIRECTORY.resolve(entries().indexOf(directory) + ".jar");
    }

    private void make() throws IOException, InterruptedException {
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        for (String entry : entries()) {
            if (Files.isDirectory(Path.of(entry))) {
                String packed = packed(entry).toString();
                assertEquals(0, jar.run(System.out, System.err, "-c", "-f", packed, "-C", entry, "."));
            }
        }
        Path directory = Files.createTempDirectory(DIRECTORY, "training");
        try (KafkaBroker broker = KafkaBroker.start()) {
            Training.createTopics(broker);
            QueryProcess.start(
                            List.of("-XX:AOTCacheOutput=" + file),
                            classPath,
                            Training.class,
                            directory.resolve("output.txt"),
                            broker.bootstrapServers(),
                            directory)
                    .awaitSuccess();
        }
        assertTrue(Files.exists(file), () -> "no cache of classes was made");
    }

    /// The flag with which a JVM that has this class path uses it.
    public String flag() {
        return "-XX:AOTCache=" + file;
    }

    QueryProcess start(Class<?> main, Path output, Object... arguments) throws IOException {
        return QueryProcess.start(List.of(flag()), classPath, main, output, arguments);
    }
}

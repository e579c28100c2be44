package dev.headrace.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/// The classes that a program has loaded, in a file: who starts it dozens of times spends most of that time loading
/// them.
///
/// @param classPath of jars: the JVM caches no classes of directories
record ClassCache(Path file, String classPath) {
    /// A cache that is still to be made.
    static ClassCache in(Path directory) {
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (Files.isDirectory(Path.of(entry))) {
                Path packed = directory.resolve(jars.size() + ".jar");
                assertEquals(0, jar.run(System.out, System.err, "-c", "-f", packed.toString(), "-C", entry, "."));
                jars.add(packed.toString());
            } else {
                jars.add(entry);
            }
        }
        return new ClassCache(directory.resolve("classes.aot"), String.join(File.pathSeparator, jars));
    }

    /// Makes the cache from a run of the program to its end.
    void train(Class<?> main, Path output, Object... arguments) throws IOException, InterruptedException {
        QueryProcess.start(List.of("-XX:AOTCacheOutput=" + file), classPath, main, output, arguments)
                .awaitSuccess();
        assertTrue(Files.exists(file), () -> "no cache of classes was made");
    }

    QueryProcess start(Class<?> main, Path output, Object... arguments) throws IOException {
        return QueryProcess.start(List.of("-XX:AOTCache=" + file), classPath, main, output, arguments);
    }
}

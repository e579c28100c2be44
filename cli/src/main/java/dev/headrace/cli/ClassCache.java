package dev.headrace.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/// The classes that a program loads as it starts, read, linked and profiled already: the JVM's ahead-of-time cache.
///
/// It goes with one JDK and one class path. To any other, the JVM does not use it, and starts as it would without.
///
/// @param file where it is kept; the output of its making stands beside it, in a file that ends in `.log`
record ClassCache(Path file) {
    /// The flags with which a program uses it. What the JVM has to say of a cache that it can't use is not for the
    /// program's output.
    List<String> flags() {
        return List.of("-XX:AOTCache=" + file, "-Xlog:disable", "-Xlog:all=error:stderr");
    }

    /// Whether it is there and younger than the jars.
    boolean isFresh(String classPath) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(file);
        for (String jar : classPath.split(File.pathSeparator)) {
            if (Files.exists(Path.of(jar))
                    && Files.getLastModifiedTime(Path.of(jar)).compareTo(made) > 0) {
                return false;
            }
        }
        return true;
    }

    /// Runs a program to its end and keeps what it has loaded.
    ///
    /// @param java the JVM and its flags
    /// @param program what follows them: class path, main class, arguments
    /// @return whether there is a cache now
    boolean make(List<String> java, List<String> program) throws IOException, InterruptedException {
        Path made = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        List<String> command = new ArrayList<>(java);
        command.add("-XX:AOTCacheOutput=" + made);
        command.addAll(program);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            file.resolveSibling(file.getFileName() + ".log").toFile())
                    .start();
            if (process.waitFor() != 0 || !Files.exists(made)) {
                return false;
            }
            Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } finally {
            Files.deleteIfExists(made);
            Files.deleteIfExists(made.resolveSibling(made.getFileName() + ".config"));
        }
    }
}

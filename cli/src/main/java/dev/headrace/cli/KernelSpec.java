package dev.headrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.headrace.errors.UnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What Jupyter has to know of the kernel: a directory with a file `kernel.json`.
///
/// @param java the JVM that runs the kernel, and its flags
/// @param classPath its jars
/// @param cache the classes of its start
/// @param artifacts where what `%dependency` brings is kept: not among our own jars, but said, as the kernel wants it,
///     from the directory of its own
record KernelSpec(List<String> java, String classPath, ClassCache cache, Path artifacts) {
    private static final String NAME = "headrace-java";
    private static final String FILE = "kernel.json";

    /// The kernel that belongs to the program that runs: its JDK, its jars and what the module `notebooks` adds.
    ///
    /// @throws UnavailableException `KERNEL_NOT_BUILT`
    static KernelSpec ofThisProgram() throws IOException {
        Path flags = home().resolve("cli/target/launch/jvm-flags");
        return of(
                home(),
                Arrays.asList(Files.readString(flags).strip().split("\\s+")),
                System.getProperty("java.class.path"));
    }

    /// @param home the root of the source tree
    /// @param flags the JVM's
    /// @param classPath of the command line
    static KernelSpec of(Path home, List<String> flags, String classPath) throws IOException {
        Path built = home.resolve("notebooks/target");
        Path jar = built.resolve("headrace-notebooks.jar");
        if (!Files.exists(jar) || !Files.isDirectory(built.resolve("lib"))) {
            throw new UnavailableException(
                    "KERNEL_NOT_BUILT",
                    jar + " isn't there. Build it: mvn -Dheadrace.quick -DskipTests -pl notebooks -am package");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        // What libraries log goes to Jupyter's terminal and not into the cell that happens to run.
        command.add("-Dorg.slf4j.simpleLogger.cacheOutputStream=true");
        command.add("-Dorg.slf4j.simpleLogger.log.io.delta=error");
        command.add("-Dheadrace.home=" + home);
        return new KernelSpec(
                List.copyOf(command),
                classPath(jar, classPath, built.resolve("lib")),
                new ClassCache(built.resolve("kernel.aot")),
                built.resolve("lib")
                        .toRealPath()
                        .relativize(Path.of(System.getProperty("user.home"), ".cache", "headrace", "maven")));
    }

    /// Makes the cache of classes if there is none that fits. That takes a quarter of a minute.
    ///
    /// @return whether there is one; without one, the kernel starts more slowly
    boolean prepare(PrintWriter messages) throws IOException, InterruptedException {
        if (cache.isFresh(classPath)) {
            return true;
        }
        messages.println("Preparing a fast start of the kernel (once, some seconds) ...");
        return cache.make(java, List.of("-classpath", classPath, "dev.headrace.notebook.KernelTraining"));
    }

    /// What starts the kernel; Jupyter puts a file's name for `{connection_file}`.
    private List<String> command() {
        List<String> command = new ArrayList<>(java);
        command.addAll(cache.flags());
        command.addAll(List.of("-classpath", classPath, "dev.headrace.notebook.KernelMain", "{connection_file}"));
        return command;
    }

    /// The root of the source tree, which the launcher names.
    static Path home() {
        String home = System.getProperty("headrace.home");
        if (home == null) {
            throw new UnavailableException(
                    "KERNEL_NOT_BUILT", "The notebook command needs the launcher: run ./headrace notebook.");
        }
        return Path.of(home).toAbsolutePath();
    }

    private static String classPath(Path jar, String ours, Path lib) throws IOException {
        List<String> entries = new ArrayList<>();
        entries.add(jar.toString());
        for (String entry : ours.split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().normalize().toString());
        }
        try (Stream<Path> jars = Files.list(lib)) {
            jars.map(Path::toString)
                    .filter(file -> file.endsWith(".jar"))
                    .sorted()
                    .forEach(entries::add);
        }
        return entries.stream().distinct().collect(Collectors.joining(File.pathSeparator));
    }

    /// Where Jupyter looks for the kernels of this user.
    static Path userDirectory() {
        String data = System.getenv("JUPYTER_DATA_DIR");
        if (data != null && !data.isEmpty()) {
            return Path.of(data, "kernels");
        }
        Path user = Path.of(System.getProperty("user.home"));
        return System.getProperty("os.name").startsWith("Mac")
                ? user.resolve("Library/Jupyter/kernels")
                : user.resolve(".local/share/jupyter/kernels");
    }

    /// Writes the directory, or writes it anew, and returns it.
    Path install(Path kernels) throws IOException {
        Path directory = Files.createDirectories(kernels.resolve(NAME));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("argv", command());
        spec.put("display_name", "Headrace Java");
        spec.put("language", "java");
        // A signal does not reach a kernel whose Jupyter was started with signals ignored, as shells do in the
        // background.
        spec.put("interrupt_mode", "message");
        spec.put("env", Map.of("RJK_MIMA_CACHE", artifacts.toString()));
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(directory.resolve(FILE).toFile(), spec);
        return directory;
    }

    /// Whether there was one to remove.
    static boolean uninstall(Path kernels) throws IOException {
        Path directory = kernels.resolve(NAME);
        boolean removed = Files.deleteIfExists(directory.resolve(FILE));
        if (removed) {
            Files.delete(directory);
        }
        return removed;
    }
}

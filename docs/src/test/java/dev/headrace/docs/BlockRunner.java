package dev.headrace.docs;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Compiles blocks with the class path of this module, and runs them in a JVM of their own with an empty working
/// directory.
///
/// @param directory where classes and working directories go
record BlockRunner(Path directory) {
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final long RUN_SECONDS = 240;
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /// What has been read of the class path: for one thread, which compiles one block after the other.
    private static final ThreadLocal<StandardJavaFileManager> LIBRARIES =
            ThreadLocal.withInitial(() -> COMPILER.getStandardFileManager(null, null, StandardCharsets.UTF_8));

    /// What the compiler says against the block, each with its place on the page; empty if it compiles.
    List<String> compile(CodeBlock block) throws IOException {
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of(
                "-proc:none", "-classpath", CLASS_PATH, "-d", classes(block).toString());
        COMPILER.getTask(null, LIBRARIES.get(), problems, options, null, List.of(new BlockSource(block)))
                .call();
        return problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem -> block.page() + ":" + problem.getLineNumber() + ": " + problem.getMessage(null))
                .toList();
    }

    /// Runs a block that has been compiled, and returns what it printed.
    ///
    /// @throws AssertionError if it fails or does not end
    List<String> run(CodeBlock block) throws IOException, InterruptedException {
        Path output = directory.resolve(block.className() + ".out");
        Path errors = directory.resolve(block.className() + ".err");
        Process process = new ProcessBuilder(command(block))
                .directory(Files.createDirectory(directory.resolve(block.className() + ".work"))
                        .toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            if (!process.waitFor(RUN_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(block.place() + " has not ended after " + RUN_SECONDS + " s");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(block.place() + " failed:\n" + Files.readString(errors));
        }
        return Files.readAllLines(output);
    }

    /// With the flags for Arrow, and those that make a short life short, which this JVM has as well.
    private List<String> command(CodeBlock block) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:"))
                .toList());
        command.addAll(List.of("-classpath", classes(block) + System.getProperty("path.separator") + CLASS_PATH));
        command.add(block.className());
        return command;
    }

    private Path classes(CodeBlock block) throws IOException {
        return Files.createDirectories(directory.resolve(block.className() + ".classes"));
    }

    private static final class BlockSource extends SimpleJavaFileObject {
        private final String source;

        BlockSource(CodeBlock block) {
            super(URI.create("string:///" + block.className() + ".java"), Kind.SOURCE);
            this.source = block.source();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }

    /// How a list of problems reads in a failed test.
    static String report(List<String> problems) {
        return problems.stream().collect(Collectors.joining("\n"));
    }
}

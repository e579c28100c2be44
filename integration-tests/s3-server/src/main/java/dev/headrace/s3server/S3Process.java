package dev.headrace.s3server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A server that speaks S3, with a bucket `tables`, in a process of its own. It ends with [#close], or with this
/// process.
public final class S3Process implements AutoCloseable {
    private static final Path CLASS_PATH = Path.of("integration-tests", "s3-server", "target", "class-path");

    private final Process process;
    private final Path log;
    private final int port;

    private S3Process(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /// Starts the server and waits until it answers, which takes some seconds.
    ///
    /// @throws IllegalStateException if it does not start
    public static S3Process start() {
        try {
            Path log = Files.createTempFile("headrace-s3-", ".log");
            Path module = module();
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-classpath",
                            module.resolve("classes") + ":"
                                    + Files.readString(module.resolve("class-path"))
                                            .strip(),
                            S3Main.class.getName())
                    .redirectError(log.toFile())
                    .start();
            BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
            String line = answers.readLine();
            if (line == null || !line.startsWith("port ")) {
                throw new IllegalStateException("the S3 server did not start: see " + log);
            }
            return new S3Process(process, log, Integer.parseInt(line.substring("port ".length())));
        } catch (IOException failed) {
            throw new UncheckedIOException("could not launch the S3 server", failed);
        }
    }

    private static Path module() {
        for (Path root = Path.of("").toAbsolutePath(); root != null; root = root.getParent()) {
            Path classPath = root.resolve(CLASS_PATH);
            if (Files.isRegularFile(classPath)) {
                return classPath.getParent();
            }
        }
        throw new IllegalStateException(
                "The server's jars are not known: build them with 'mvn -pl integration-tests/s3-server compile'.");
    }

    /// Where it listens, on this machine.
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        try {
            process.outputWriter().close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(log);
        } catch (IOException failed) {
            process.destroyForcibly();
            throw new UncheckedIOException("could not end the S3 server", failed);
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

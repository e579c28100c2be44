package dev.headrace.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One run of the broker's JVM, from its launch to its end. Used under the lock of its [KafkaBroker].
final class BrokerProcess {
    private static final String CACHE = "headrace-kafka-broker.aot";
    private static final String READY = "Kafka Server started";
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Process process;
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private @Nullable Process pauseGuard;

    private BrokerProcess(Process process) {
        this.process = process;
    }

    /// Launches the JVM and returns at once.
    ///
    /// @param flags the JVM's memory, garbage collector and compilers
    /// @param jar the broker's main jar; its manifest names the others
    /// @param directory holds `server.properties`; the process deletes it if this JVM dies
    /// @param log what the process prints is appended here
    static BrokerProcess launch(List<String> flags, Path jar, Path directory, Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        // What the build has made of a broker's start. What the JVM has to say of one that it can't use is not for the
        // log.
        Path cache = jar.resolveSibling(CACHE);
        if (Files.exists(cache)) {
            command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=error:stderr"));
        }
        command.addAll(List.of(
                "-XX:-UsePerfData",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                "-jar",
                jar.toString(),
                directory.toString()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            BrokerProcess broker = new BrokerProcess(process);
            Thread.ofPlatform().daemon().name("kafka-broker-log").start(() -> broker.copyLog(log));
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException("could not launch " + command.getFirst(), e);
        }
    }

    private void copyLog(Path log) {
        try (BufferedReader lines = process.inputReader();
                Writer out = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.append(line).append('\n').flush();
                if (line.contains(READY)) {
                    ready.complete(true);
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        } finally {
            ready.complete(false);
        }
    }

    /// Waits until the broker serves clients.
    ///
    /// @return what went wrong, or nothing when the broker is up
    Optional<String> awaitReady(Duration limit) {
        try {
            return ready.get(limit.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.empty()
                    : Optional.of("it ended with exit status " + process.waitFor());
        } catch (TimeoutException e) {
            return Optional.of("it was not ready within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            return Optional.of("its output could not be read: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the wait for it was interrupted");
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isPaused() {
        return pauseGuard != null;
    }

    /// Stops the process in its tracks (SIGSTOP). A small shell sends the signal, waits, and wakes the process up again
    /// when this JVM closes the pipe or dies: otherwise nobody could, and a broker whose parent was killed would stay
    /// behind, asleep.
    void pause() {
        String script = "kill -STOP $0 && echo paused && read line; kill -CONT $0";
        try {
            Process guard = new ProcessBuilder("sh", "-c", script, Long.toString(pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            pauseGuard = guard;
            if (!"paused".equals(guard.inputReader().readLine())) {
                resume();
                throw new IllegalStateException("process " + pid() + " could not be paused");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not pause process " + pid(), e);
        }
    }

    void resume() {
        Process guard = pauseGuard;
        if (guard == null) {
            return;
        }
        pauseGuard = null;
        try {
            guard.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException("could not resume process " + pid(), e);
        }
        waitForEnd(guard, GRACE);
    }

    /// Ends the process at once (SIGKILL) and returns when it is gone.
    void kill() {
        // Process.destroyForcibly would close the pipe as well, and so have the broker delete its directory first.
        process.toHandle().destroyForcibly();
        waitForEnd(process, GRACE);
        resume();
    }

    /// Asks the process to end (SIGTERM) and returns when it is gone; it is killed if it takes too long.
    void terminate() {
        resume();
        process.toHandle().destroy();
        if (!waitForEnd(process, GRACE)) {
            kill();
        }
    }

    private static boolean waitForEnd(Process process, Duration limit) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                try {
                    return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

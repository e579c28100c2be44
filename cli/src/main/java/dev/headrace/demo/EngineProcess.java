package dev.headrace.demo;

import dev.headrace.errors.UnavailableException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// The process that runs the demo's queries: a JVM with this one's class path and flags.
///
/// It does not outlive this JVM: its standard input is a pipe from here, and its end makes it halt.
final class EngineProcess implements AutoCloseable {
    /// The line on the engine's standard input that asks it to read everything and end.
    static final String FINISH = "finish";

    private final Process process;
    private final Path log;
    private final Thread exitHook;
    private final CompletableFuture<Boolean> finished = new CompletableFuture<>();
    private volatile boolean expectedToEnd;

    private EngineProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.exitHook = new Thread(process::destroyForcibly, "engine-exit");
    }

    /// Starts the process.
    ///
    /// @param mainClass what to run
    /// @param arguments its arguments
    /// @param log standard error is appended here
    /// @param listener called for every line of its standard output, from a thread of its own
    static EngineProcess start(String mainClass, List<String> arguments, Path log, Consumer<EngineEvent> listener) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(inheritedFlags(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            EngineProcess engine = new EngineProcess(process, log);
            Runtime.getRuntime().addShutdownHook(engine.exitHook);
            Thread.ofPlatform().daemon().name("engine-output").start(() -> engine.readOutput(listener));
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException("could not start " + command.getFirst(), e);
        }
    }

    /// The flags of this JVM that another one on the same class path needs as well: not those of a debugger or profiler,
    /// which two processes can't share, nor those that write a cache of started classes.
    static List<String> inheritedFlags(List<String> flags) {
        return flags.stream()
                .filter(flag -> !flag.startsWith("-agentlib")
                        && !flag.startsWith("-agentpath")
                        && !flag.startsWith("-javaagent")
                        && !flag.startsWith("-XX:AOTCacheOutput")
                        && !flag.startsWith("-XX:StartFlightRecording"))
                .toList();
    }

    private void readOutput(Consumer<EngineEvent> listener) {
        boolean inGoodOrder = false;
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                EngineEvent event = EngineEvent.of(line);
                inGoodOrder |= event instanceof EngineEvent.Finished;
                listener.accept(event);
            }
            finished.complete(inGoodOrder);
        } catch (IOException | RuntimeException e) {
            finished.completeExceptionally(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /// Kills the process with SIGKILL and returns when it is gone.
    void kill() {
        expectedToEnd = true;
        // Process.destroyForcibly would throw away what it has printed.
        process.toHandle().destroyForcibly();
        process.onExit().join();
        removeExitHook();
    }

    /// Asks the queries to read everything that is there and to stop, and waits until the process has ended.
    ///
    /// @param limit how long that may take
    /// @throws UnavailableException if it fails or takes longer; the text ends with the log's last lines
    void finish(Duration limit) {
        expectedToEnd = true;
        try (BufferedWriter commands = process.outputWriter()) {
            commands.write(FINISH + "\n");
            commands.flush();
            if (!finished.get(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failed("ended before it had read everything");
            }
        } catch (TimeoutException e) {
            throw failed("did not read everything and stop within " + limit.toSeconds() + " s");
        } catch (IOException | ExecutionException e) {
            throw failed("could not be talked with: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("was not waited for: " + e);
        } finally {
            kill();
        }
    }

    /// Checks that the process still runs.
    ///
    /// @throws UnavailableException if it has ended by itself; the text ends with the log's last lines
    void check() {
        if (expectedToEnd) {
            return;
        }
        if (finished.isCompletedExceptionally()) {
            throw failed("printed what can't be read: " + finished.exceptionNow());
        }
        if (!process.isAlive()) {
            throw failed("ended by itself with exit status " + process.exitValue());
        }
    }

    private UnavailableException failed(String what) {
        return new UnavailableException(
                "DEMO_ENGINE_FAILED",
                "The demo's engine (process " + pid() + ") " + what + ". The last lines of its log '" + log
                        + "' say why:\n" + LogTail.of(log));
    }

    /// Kills the process if it still runs.
    @Override
    public void close() {
        kill();
    }

    private void removeExitHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException e) {
            // The JVM is going down: its hooks have been started, and this one has nothing left to kill.
            assert !process.isAlive();
        }
    }
}

package dev.headrace.demo;

import dev.headrace.errors.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    /// Done when its output ends: whether the last event was that it has finished.
    private final CompletableFuture<Boolean> output = new CompletableFuture<>();

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

    /// The flags of this JVM that another one on the same class path needs as well: not those of a debugger or
    /// profiler, which two processes can't share, nor those that write a cache of started classes.
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
            output.complete(inGoodOrder);
        } catch (IOException | RuntimeException e) {
            output.completeExceptionally(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /// Kills the process with SIGKILL and returns when it is gone.
    void kill() {
        // Process.destroyForcibly would throw away what it has printed.
        process.toHandle().destroyForcibly();
        process.onExit().join();
        removeExitHook();
    }

    /// Asks the queries to read everything that is there and to stop, and returns at once; see [#hasFinished].
    ///
    /// @throws UnavailableException if the process is gone
    void askToFinish() {
        try {
            // The pipe stays open: its end would mean that this JVM is gone.
            process.getOutputStream().write((FINISH + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw failed("could not be asked to finish: " + e);
        }
    }

    /// Whether the queries have read everything and the process has ended.
    ///
    /// @throws UnavailableException if it has ended in another way; the text ends with the log's last lines
    boolean hasFinished() {
        if (output.isCompletedExceptionally()) {
            throw failed("printed what can't be read: " + output.exceptionNow());
        }
        if (!output.isDone() || process.isAlive()) {
            return false;
        }
        if (!output.resultNow()) {
            throw failed("ended by itself with exit status " + process.exitValue());
        }
        return true;
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

package dev.headrace.engine.log;

import dev.headrace.errors.FencedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A driver in a process of its own. It says `ready`, waits for a line, and then runs batches until it is stopped or
/// fenced, saying `planned N`, `committed N` and at last `done` or the error's message.
final class DriverProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private DriverProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /// @param leases `with` or `without` the lock that keeps a second driver from starting
    static DriverProcess start(Path directory, String leases, long batches) throws IOException {
        return new DriverProcess(new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DriverProcess.class.getName(),
                        directory.toString(),
                        leases,
                        Long.toString(batches)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    long pid() {
        return process.pid();
    }

    void go() throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append("go\n").flush();
    }

    /// The next line the driver says; empty at its end.
    String says() {
        try {
            String line = output.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Kills the process as SIGKILL does and waits until it is gone. What it has said can still be read.
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() throws InterruptedException, IOException {
        kill();
        output.close();
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        long batches = Long.parseLong(arguments[2]);
        Driver self = Driver.ofThisProcess(RunId.random(), Batches.SINCE);
        FaultyCheckpointFiles files = new FaultyCheckpointFiles(CheckpointFiles.local(directory, self.run()));
        if (arguments[1].equals("without")) {
            files.withoutLeases();
        }
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                Checkpoint checkpoint = Checkpoint.open(files, self, Batches.QUERY)) {
            System.out.println("ready");
            input.readLine();
            run(checkpoint, batches);
            System.out.println("done");
        } catch (FencedException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void run(Checkpoint checkpoint, long batches) {
        long id = checkpoint.recovery().nextBatch().value();
        boolean replayed = checkpoint.recovery() instanceof Recovery.Replay;
        for (; id < batches; id++) {
            if (!replayed) {
                checkpoint.plan(Batches.planned(id));
                System.out.println("planned " + id);
            }
            replayed = false;
            checkpoint.commit(Batches.committed(id));
            System.out.println("committed " + id);
            checkpoint.purge(10);
        }
    }
}

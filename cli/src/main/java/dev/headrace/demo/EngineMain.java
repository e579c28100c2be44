package dev.headrace.demo;

import dev.headrace.Session;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.StreamingQueryListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// What is around the queries in the process that the demo kills: it reports progress as lines of [EngineEvent] on
/// standard output, ends in good order when it is told [EngineProcess#FINISH] on standard input, and halts when
/// standard input ends, because then the demo is gone.
final class EngineMain {
    private EngineMain() {}

    /// Starts queries over the topics of a broker.
    @FunctionalInterface
    interface Queries {
        List<StreamingQuery> start(Session session, String bootstrapServers, DemoDirectory directory)
                throws TimeoutException;
    }

    /// @param args the broker's address and the demo's directory
    static void run(String[] args, Queries queries) throws Exception {
        try (Session session = Session.builder()
                .appName("headrace demo")
                // The proof reads from the log where every batch ended.
                .config("spark.sql.streaming.minBatchesToRetain", 1_000_000)
                .getOrCreate()) {
            session.streams().addListener(new ProgressLines());
            List<StreamingQuery> started = queries.start(session, args[0], new DemoDirectory(Path.of(args[1])));
            System.out.println(EngineEvent.Started.LINE);
            awaitFinish(session);
            for (StreamingQuery query : started) {
                query.processAllAvailable();
                query.stop();
            }
        }
        System.out.println(EngineEvent.Finished.LINE);
    }

    /// Waits for the command, in a thread of its own, while this one watches the queries.
    private static void awaitFinish(Session session) throws StreamingQueryException {
        CommandReader commands = new CommandReader();
        Thread.ofPlatform().daemon().name("commands").start(commands);
        while (!commands.finish) {
            if (session.streams().awaitAnyTermination(200)) {
                throw new IllegalStateException("A query has ended by itself.");
            }
        }
    }

    private static final class CommandReader implements Runnable {
        private volatile boolean finish;

        @Override
        public void run() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    finish |= line.equals(EngineProcess.FINISH);
                }
            } catch (IOException e) {
                System.err.println("standard input failed, ending as if the demo were gone: " + e);
            }
            Runtime.getRuntime().halt(1);
        }
    }

    /// Prints the progress of each batch on one line.
    private static final class ProgressLines extends StreamingQueryListener {

        @Override
        public void onQueryStarted(QueryStartedEvent event) {}

        @Override
        public void onQueryProgress(QueryProgressEvent event) {
            System.out.println(EngineEvent.Progressed.START + event.progress().json());
        }

        @Override
        public void onQueryTerminated(QueryTerminatedEvent event) {}
    }
}

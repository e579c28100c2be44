package dev.headrace.engine;

import dev.headrace.chunk.Closing;
import dev.headrace.connector.Connector;
import dev.headrace.connector.SinkId;
import dev.headrace.connector.StreamStart;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingEngine;
import dev.headrace.connector.StreamingSink;
import dev.headrace.engine.QueryPipeline.SourceInput;
import dev.headrace.engine.log.Checkpoint;
import dev.headrace.engine.log.CheckpointHistory;
import dev.headrace.engine.log.Driver;
import dev.headrace.engine.log.Recovery;
import dev.headrace.engine.log.RunId;
import dev.headrace.engine.sink.ForeachBatchSink;
import dev.headrace.engine.stateful.UpsertKey;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.ResourceException;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.ReplayReport;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts streaming queries; the [StreamingEngine] that [java.util.ServiceLoader] finds.
public final class MicroBatchEngine implements StreamingEngine {
    private static final Logger LOG = LoggerFactory.getLogger(MicroBatchEngine.class);

    @Override
    public StreamingQuery start(StreamStart request) {
        Watermarks.Policy.of(request.conf());
        Pace.check(request.conf());
        LossBudget.check(request.conf());
        checkOwnDirectories(request);
        CheckpointPlace place = place(request);
        RunId run = RunId.random();
        Checkpoint checkpoint = Checkpoint.open(
                place.directory(),
                Driver.ofThisProcess(run, request.runtime().clock().instant()));
        try {
            QuerySettings.check(
                    checkpoint.recovery(), request.runtime().settings().zone());
            QueryPipeline pipeline = QueryPipeline.plan(request);
            try {
                pipeline.checkState(request, checkpoint.recovery(), place.directory());
                Sinks sinks = connect(request, checkpoint, pipeline, place.directory());
                try {
                    // Last of all: a start that fails decides nothing.
                    List<String> beginnings = beginnings(checkpoint, pipeline.sources());
                    RunningQuery query = new RunningQuery(request, checkpoint, run, pipeline, sinks, place, beginnings);
                    query.start();
                    return query;
                } catch (Throwable failed) {
                    sinks.close();
                    throw failed;
                }
            } catch (Throwable failed) {
                pipeline.close();
                throw failed;
            }
        } catch (Throwable failed) {
            checkpoint.close();
            place.deleteIfTemporary();
            throw failed;
        }
    }

    /// Opens sources, state and sinks. The first time one after the other: a sink may make something, such as a table,
    /// that a start that fails is not to leave behind. A query that is started again doesn't let one wait for the
    /// other.
    private static Sinks connect(StreamStart request, Checkpoint checkpoint, QueryPipeline pipeline, Path directory) {
        if (checkpoint.recovery() instanceof Recovery.Start) {
            pipeline.connect(request, directory);
            return openSinks(request, checkpoint, pipeline, directory);
        }
        CompletableFuture<Sinks> sinks = CompletableFuture.supplyAsync(
                () -> openSinks(request, checkpoint, pipeline, directory),
                task -> Thread.ofVirtual().name("headrace-open-sinks").start(task));
        try {
            pipeline.openStates(request, directory);
            pipeline.loadStates(checkpoint.recovery().nextBatch());
            pipeline.openSources(directory);
        } catch (Throwable failed) {
            try {
                TriggerLoop.await(sinks).close();
            } catch (Throwable ofSinks) {
                failed.addSuppressed(ofSinks);
            }
            throw failed;
        }
        return TriggerLoop.await(sinks);
    }

    /// Where the sources of a query begin that has no batch yet; none if it has one.
    private static List<String> beginnings(Checkpoint checkpoint, List<SourceInput> sources) {
        if (!(checkpoint.recovery() instanceof Recovery.Start)) {
            return List.of();
        }
        List<String> beginnings = checkpoint.begin(() ->
                sources.stream().map(input -> input.source().initialOffset()).toList());
        SourceCheck.sameNumber(beginnings, sources.size());
        return beginnings;
    }

    @Override
    public VerifyReport verify(StreamStart request) {
        Path directory = checkpointOf(request, "verify()");
        Driver self =
                Driver.ofThisProcess(RunId.random(), request.runtime().clock().instant());
        CheckpointHistory.open(directory, self);
        // Owning the checkpoint says that no batch runs.
        try (Checkpoint owned = Checkpoint.open(directory, self)) {
            LOG.debug("verifying query {}", owned.query());
            return new Verification(request, directory, new Signals(), false).verify();
        }
    }

    @Override
    public ReplayReport replay(StreamStart request, long batchId) {
        Path directory = checkpointOf(request, "replay(" + batchId + ")");
        return new Verification(request, directory, new Signals(), false).replay(batchId, Optional.empty());
    }

    private static Path checkpointOf(StreamStart request, String method) {
        return request.checkpoint()
                .orElseThrow(() -> new QueryException(
                        "MISSING_CHECKPOINT_LOCATION",
                        "writeStream()." + method + " looks at the batches of a query's checkpoint. Say where it is:"
                                + " option(\"checkpointLocation\", \"/some/directory\")."));
    }

    private static Sinks openSinks(StreamStart request, Checkpoint checkpoint, QueryPipeline pipeline, Path directory) {
        List<StreamingSink> opened = new ArrayList<>();
        try {
            for (StreamStart.Output output : request.outputs()) {
                StructType schema = pipeline.schemas().get(opened.size());
                StreamWriteRequest write = new StreamWriteRequest(
                        checkpoint.query().toString(),
                        sinkId(checkpoint, opened.size()),
                        output.name(),
                        schema,
                        kind(output),
                        upsertKey(output, schema),
                        directory,
                        request.runtime().tables());
                opened.add(
                        switch (output.target()) {
                            case StreamStart.Target.Sink(Connector.StreamWritable connector, var options) ->
                                connector.openSink(options, write);
                            case StreamStart.Target.ForeachBatch(StreamStart.BatchFunction function) ->
                                new ForeachBatchSink(function, schema);
                        });
            }
            return new Sinks(opened);
        } catch (Throwable failed) {
            Closing.all(opened);
            throw failed;
        }
    }

    private static SinkId sinkId(Checkpoint checkpoint, int output) {
        String query = checkpoint.query().toString();
        if (output == 0) {
            return SinkId.of(query);
        }
        boolean own = QuerySettings.saySinksHaveIds(checkpoint.recovery());
        return new SinkId(query + "-" + output, own ? Optional.empty() : Optional.of(query));
    }

    /// @throws QueryException `OUTPUTS_SHARE_DIRECTORY`
    private static void checkOwnDirectories(StreamStart request) {
        Set<Path> directories = new HashSet<>();
        for (StreamStart.Output output : request.outputs()) {
            if (output.target() instanceof StreamStart.Target.Sink(Connector.StreamWritable connector, var options)) {
                connector
                        .ownDirectory(options)
                        .filter(own -> !directories.add(own))
                        .ifPresent(shared -> {
                            throw new QueryException(
                                    "OUTPUTS_SHARE_DIRECTORY",
                                    "Two outputs of the query write files to '" + shared
                                            + "'. Its manifest lists the files of"
                                            + " one output. Give each a path of its own, or write one output of both (union).");
                        });
            }
        }
    }

    private static List<String> upsertKey(StreamStart.Output output, StructType schema) {
        return output.outputMode() == OutputMode.UPDATE
                ? UpsertKey.of(output.plan()).orElse(List.of()).stream()
                        .map(ordinal -> schema.field(ordinal).name())
                        .toList()
                : List.of();
    }

    private static StreamWriteRequest.OutputKind kind(StreamStart.Output output) {
        return switch (output.outputMode()) {
            // The rows of a changelog are only ever added, whatever they say.
            case APPEND, CHANGELOG -> StreamWriteRequest.OutputKind.APPEND;
            case UPDATE -> StreamWriteRequest.OutputKind.UPDATE;
            case COMPLETE -> StreamWriteRequest.OutputKind.COMPLETE;
        };
    }

    /// Where the checkpoint lies: where the user said, or a temporary directory for sinks that keep nothing themselves.
    private static CheckpointPlace place(StreamStart request) {
        if (request.checkpoint().isPresent()) {
            return new CheckpointPlace(request.checkpoint().get(), false);
        }
        for (StreamStart.Output output : request.outputs()) {
            if (!(output.target() instanceof StreamStart.Target.Sink(Connector.StreamWritable connector, var _))
                    || !connector.needsCheckpoint()) {
                continue;
            }
            throw new QueryException(
                    "MISSING_CHECKPOINT_LOCATION",
                    "writeStream().format(\"" + connector.format()
                            + "\") needs a directory in which the query remembers "
                            + "how far it is. Add option(\"checkpointLocation\", \"/some/directory\"), one per query.");
        }
        try {
            return new CheckpointPlace(Files.createTempDirectory("headrace-checkpoint-"), true);
        } catch (IOException e) {
            throw new ResourceException(
                    "TEMPORARY_CHECKPOINT_FAILED",
                    "No temporary checkpoint directory can be made: " + e.getMessage()
                            + ". Set option(\"checkpointLocation\", …) or java.io.tmpdir.",
                    e);
        }
    }
}

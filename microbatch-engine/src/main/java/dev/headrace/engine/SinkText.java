package dev.headrace.engine;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.StreamStart;
import java.util.stream.Collectors;

/// How a sink is called in a query's progress.
final class SinkText {
    private SinkText() {}

    /// All sinks of a query.
    static String of(StreamStart request) {
        return request.outputs().stream().map(output -> of(output.target())).collect(Collectors.joining(", "));
    }

    static String of(StreamStart.Target target) {
        return switch (target) {
            case StreamStart.Target.Sink(Connector.StreamWritable connector, ConnectorOptions options) ->
                connector.format()
                        + (options.paths().isEmpty() ? "" : options.paths().toString());
            case StreamStart.Target.ForeachBatch _ -> "foreachBatch";
        };
    }
}

package dev.headrace.engine;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.StreamStart;

/// How a sink is called in a query's progress.
final class SinkText {
    private SinkText() {}

    static String of(StreamStart.Target target) {
        return switch (target) {
            case StreamStart.Target.Sink(Connector.StreamWritable connector, ConnectorOptions options) ->
                connector.format()
                        + (options.paths().isEmpty() ? "" : options.paths().toString());
            case StreamStart.Target.ForeachBatch _ -> "foreachBatch";
        };
    }
}

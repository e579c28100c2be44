package dev.headrace.engine.kafka;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.connector.Table;

/// `format("kafka")`: reads topics, as a stream or as a batch between two sets of offsets, and writes streams to
/// topics.
public final class KafkaConnector
        implements Connector.StreamReadable, Connector.BatchReadable, Connector.StreamWritable {
    @Override
    public String format() {
        return "kafka";
    }

    @Override
    public StreamTable openStream(ConnectorOptions options) {
        return new KafkaStreamTable(KafkaOptions.forStream(options));
    }

    @Override
    public Table openTable(ConnectorOptions options) {
        return new KafkaBatchTable(KafkaOptions.forBatch(options));
    }

    @Override
    public StreamingSink openSink(ConnectorOptions options, StreamWriteRequest request) {
        KafkaSinkOptions parsed = KafkaSinkOptions.of(options);
        KafkaSink sink = new KafkaSink(request.sinkId(), parsed, new KafkaRecords(request.schema(), parsed.topic()));
        sink.lastCommitted();
        return sink;
    }
}

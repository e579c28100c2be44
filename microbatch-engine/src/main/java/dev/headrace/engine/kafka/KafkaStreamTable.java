package dev.headrace.engine.kafka;

import dev.headrace.connector.PayloadDecoder;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.types.StructType;
import java.nio.file.Path;

/// Topics as a stream.
record KafkaStreamTable(KafkaOptions options) implements StreamTable {
    @Override
    public StructType schema() {
        return options.schema();
    }

    @Override
    public String description() {
        return options.description();
    }

    @Override
    public boolean decodes(PayloadDecoder decoder) {
        return true;
    }

    @Override
    public StreamingSource open(ScanRequest request, Path checkpoint) {
        return KafkaSource.open(options, request, checkpoint);
    }
}

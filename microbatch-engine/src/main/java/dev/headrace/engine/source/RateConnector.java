package dev.headrace.engine.source;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// `format("rate")`: so many rows per second, numbered, for trying things out and for measuring. As Spark's source of
/// that name.
public final class RateConnector implements Connector.StreamReadable {
    @Override
    public String format() {
        return "rate";
    }

    @Override
    public StreamTable openStream(ConnectorOptions options) {
        options.checkKnown(List.of("rowsPerSecond", "rampUpTime", "numPartitions"));
        NumberedRows.refuseSchema(options);
        long rowsPerSecond = NumberedRows.positive(options, "rowsPerSecond", 1);
        Duration rampUp = options.duration("rampUpTime").orElse(Duration.ZERO);
        if (rampUp.isNegative()) {
            throw options.invalid("rampUpTime", "a time that is not negative");
        }
        int parts = NumberedRows.parts(options);
        return new NumberedRows.Table("rate of " + rowsPerSecond + " rows per second") {
            @Override
            public StreamingSource open(ScanRequest request, Path checkpoint) {
                return new RateSource(
                        new RateOfRows(rowsPerSecond, rampUp.toSeconds()),
                        new RateStart(checkpoint),
                        new NumberedRows(request, parts));
            }
        };
    }
}

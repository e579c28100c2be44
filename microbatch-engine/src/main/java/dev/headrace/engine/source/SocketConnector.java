package dev.headrace.engine.source;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.errors.QueryException;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;

/// `format("socket")`: lines of text from a server such as `nc -lk 9999`, for trying things out. What was received
/// lives in memory only, so it does not survive the process.
public final class SocketConnector implements Connector.StreamReadable {
    @Override
    public String format() {
        return "socket";
    }

    @Override
    public StreamTable openStream(ConnectorOptions options) {
        options.checkKnown(List.of("host", "port", "includeTimestamp"));
        String host = options.get("host").orElseThrow(() -> missing("host", "a name or an address"));
        long port = options.number("port").orElseThrow(() -> missing("port", "a number"));
        if (port < 1 || port > 65_535) {
            throw options.invalid("port", "a number from 1 to 65535");
        }
        if (options.schema().isPresent()) {
            throw new QueryException(
                    "SCHEMA_NOT_ALLOWED",
                    "format(\"socket\") has a fixed schema (value; with includeTimestamp also timestamp). Leave "
                            + "schema(…) out.");
        }
        StructType value = new StructType().add("value", DataTypes.StringType, true);
        StructType schema =
                options.flag("includeTimestamp", false) ? value.add("timestamp", DataTypes.TimestampType, true) : value;
        return new Lines(schema, host, (int) port);
    }

    private static QueryException missing(String key, String what) {
        return new QueryException(
                "MISSING_OPTION", "format(\"socket\") needs the option '" + key + "': " + what + " of the server.");
    }

    private record Lines(StructType schema, String host, int port) implements StreamTable {
        @Override
        public String description() {
            return "socket " + host + ":" + port;
        }

        @Override
        public StreamingSource open(ScanRequest request, Path checkpoint) {
            return new SocketSource(host, port, schema, request);
        }
    }
}

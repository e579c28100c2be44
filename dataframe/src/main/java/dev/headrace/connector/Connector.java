package dev.headrace.connector;

import java.nio.file.Path;
import java.util.Optional;

/// Something behind a `format("…")` name. A connector implements the sub-interfaces for what it can do, and is listed
/// in `META-INF/services/dev.headrace.connector.Connector`.
///
/// Implementations have a public constructor without parameters that does next to nothing: all of them are created when
/// the first format is looked up.
public interface Connector {
    /// The name, in lower case, such as `parquet`.
    String format();

    /// Can be read as a batch.
    interface BatchReadable extends Connector {
        /// Opens a table: finds out its schema, checks the options.
        ///
        /// @throws dev.headrace.errors.QueryException for options, paths and schemas that can't work
        Table openTable(ConnectorOptions options);

        /// Opens a table as it was.
        ///
        /// @param version what [BatchTable#version] said
        /// @return empty if earlier versions can't be read
        default Optional<BatchTable> openVersion(ConnectorOptions options, String version) {
            return Optional.empty();
        }
    }

    /// Can be read as a stream.
    interface StreamReadable extends Connector {
        /// Opens a stream: finds out its schema, checks the options.
        ///
        /// @throws dev.headrace.errors.QueryException for options, paths and schemas that can't work
        StreamTable openStream(ConnectorOptions options);
    }

    /// Can be written as a batch.
    interface BatchWritable extends Connector {
        /// Begins to write the result of a query of this schema.
        ///
        /// @throws dev.headrace.errors.QueryException if the target exists and the mode forbids that, or doesn't fit
        SinkBatch beginWrite(ConnectorOptions options, SaveMode mode, dev.headrace.types.StructType schema);
    }

    /// Can be written as a stream.
    interface StreamWritable extends Connector {
        /// Opens the sink of a streaming query.
        ///
        /// @throws dev.headrace.errors.QueryException if the sink can't take such rows or that mode
        StreamingSink openSink(ConnectorOptions options, StreamWriteRequest request);

        /// The directory that only one output of a query may write, if the sink needs one to itself.
        default Optional<Path> ownDirectory(ConnectorOptions options) {
            return Optional.empty();
        }

        /// Whether what is written outlives the query, so that the query must remember how far it is.
        default boolean needsCheckpoint() {
            return true;
        }

        /// Everything that has been written, as a table, if the sink can give it back just as it was; for checking it.
        default Optional<BatchTable> readBack(ConnectorOptions options) {
            return Optional.empty();
        }
    }

    /// Can apply a stream of changes to a table.
    interface ChangeWritable extends Connector {
        /// Opens the sink of a streaming query whose rows are changes.
        ///
        /// @throws dev.headrace.errors.QueryException if the table can't take such changes
        StreamingSink openChangeSink(ConnectorOptions options, StreamWriteRequest request, ChangeLayout layout);
    }
}

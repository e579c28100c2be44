package dev.headrace.files;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.connector.TableFacts;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A format of files in a directory: written by a batch query as a whole ([OutputDirectory]), by a streaming query
/// batch by batch ([ManifestSink]).
public interface FileWritable extends Connector.BatchWritable, Connector.StreamWritable {
    /// The names of the options of writing.
    List<String> writeOptions();

    /// Whether writing has an option of this name, as one of the format or of all files.
    default boolean isWriteOption(String name) {
        return name.equalsIgnoreCase(OutputDirectory.PARTITION_OVERWRITE_MODE)
                || name.equalsIgnoreCase(FileOutput.MAX_RECORDS)
                || writeOptions().stream().anyMatch(name::equalsIgnoreCase);
    }

    /// Whether variants become something of the format's.
    default boolean writesVariants() {
        return false;
    }

    /// How rows are written.
    ///
    /// @param schema of the rows, partition columns included
    /// @throws dev.headrace.errors.QueryException for options and columns that can't work
    FileOutput fileOutput(ConnectorOptions options, StructType schema);

    private void check(StructType schema) {
        if (!writesVariants()) {
            VariantColumns.refuse(format(), schema);
        }
    }

    @Override
    default SinkBatch beginWrite(ConnectorOptions options, SaveMode mode, StructType rows) {
        check(rows);
        StructType schema = TableFacts.inFiles(rows);
        ConnectorOptions ofFiles =
                options.without(OutputDirectory.PARTITION_OVERWRITE_MODE).without(OutputDirectory.REPLACED_PARTITION);
        return OutputDirectory.begin(options, mode, schema, output(ofFiles, schema));
    }

    @Override
    default Optional<Path> ownDirectory(ConnectorOptions options) {
        return Optional.of(ManifestSink.directory(options));
    }

    @Override
    default StreamingSink openSink(ConnectorOptions options, StreamWriteRequest asked) {
        check(asked.schema());
        StreamWriteRequest request = asked.of(TableFacts.inFiles(asked.schema()));
        return ManifestSink.open(options, request, output(options, request.schema()));
    }

    private FileOutput output(ConnectorOptions options, StructType schema) {
        return fileOutput(options.without(FileOutput.MAX_RECORDS), schema).withMostRows(FileOutput.mostRows(options));
    }
}

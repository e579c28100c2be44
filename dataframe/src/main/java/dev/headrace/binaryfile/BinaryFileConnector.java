package dev.headrace.binaryfile;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import dev.headrace.files.FileTable;
import dev.headrace.files.InputFile;
import dev.headrace.files.InputFiles;
import dev.headrace.files.PartitionColumns;
import dev.headrace.types.StructType;
import java.util.List;

/// Whole files, a row each: path, time of the last change, length, and content, which is read only if a query uses it.
public final class BinaryFileConnector implements Connector.BatchReadable {
    static final StructType SCHEMA =
            StructType.fromDDL("path string, modificationTime timestamp, length bigint, content binary");

    /// In lower case, as formats are looked up.
    private static final String FORMAT = "binaryfile";

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public BatchTable openTable(ConnectorOptions given) {
        given.checkKnown(InputFiles.OPTIONS);
        if (given.schema().isPresent()) {
            throw new QueryException(
                    "SCHEMA_NOT_ALLOWED",
                    "format(\"" + given.format() + "\") has a fixed schema (" + String.join(", ", SCHEMA.names())
                            + "). Leave schema(…) out.");
        }
        List<InputFile> files = InputFiles.list(given);
        PartitionColumns partitions =
                PartitionColumns.of(files, given.schema(), given.session().zone());
        return new FileTable(
                files,
                SCHEMA,
                partitions,
                new BinaryFileFormat(),
                given.session().parallelism());
    }
}

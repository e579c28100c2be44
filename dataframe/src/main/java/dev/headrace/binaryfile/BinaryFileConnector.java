package dev.headrace.binaryfile;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import dev.headrace.files.FileTable;
import dev.headrace.files.InputFile;
import dev.headrace.files.PartitionColumns;
import dev.headrace.files.source.FileConnector;
import dev.headrace.types.StructType;
import java.util.List;

/// Whole files, a row each: path, time of the last change, length, and content, which is read only if a query uses it.
public final class BinaryFileConnector implements FileConnector {
    static final StructType SCHEMA =
            StructType.fromDDL("path string, modificationTime timestamp, length bigint, content binary");

    /// In lower case, as formats are looked up.
    private static final String FORMAT = "binaryfile";

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public List<String> readOptions() {
        return List.of();
    }

    @Override
    public BatchTable openFiles(ConnectorOptions given, List<InputFile> files) {
        if (given.schema().isPresent() && !startsAsFiles(given.schema().get())) {
            throw new QueryException(
                    "SCHEMA_NOT_ALLOWED",
                    "format(\"" + given.format() + "\") has a fixed schema (" + String.join(", ", SCHEMA.names())
                            + "). Leave schema(…) out.");
        }
        PartitionColumns partitions =
                PartitionColumns.of(files, given, given.session().zone());
        return new FileTable(files, SCHEMA, partitions, new BinaryFileFormat(), given);
    }

    /// A stream gives the schema that it was opened with, which may have partition columns.
    private static boolean startsAsFiles(StructType given) {
        return given.size() >= SCHEMA.size()
                && given.fieldList().subList(0, SCHEMA.size()).equals(SCHEMA.fieldList());
    }

    @Override
    public boolean hasFixedSchema() {
        return true;
    }
}

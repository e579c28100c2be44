package dev.headrace.files.source;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.connector.Table;
import dev.headrace.errors.QueryException;
import dev.headrace.files.InputFile;
import dev.headrace.files.InputFiles;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Files that come to directories, as a stream of their rows.
///
/// Its schema is fixed when it is opened: the one that was given, with the partition columns that directories of the
/// files that are there have.
public final class FileStreamTable implements StreamTable {
    private final FileConnector connector;
    private final ConnectorOptions options;
    private final ArrivalOptions arrival;
    private final BatchTable shape;
    private final UnaryOperator<BatchTable> form;

    /// @param shape a table of the files that are there now
    /// @param form what is read of a table of files: all its columns, or `_metadata` too
    private FileStreamTable(
            FileConnector connector,
            ConnectorOptions options,
            ArrivalOptions arrival,
            BatchTable shape,
            UnaryOperator<BatchTable> form) {
        this.connector = connector;
        this.options = options;
        this.arrival = arrival;
        this.shape = shape;
        this.form = form;
    }

    /// @throws QueryException `STREAM_SCHEMA_REQUIRED` without a schema, if the format does not fix it;
    ///     `PATH_NOT_FOUND` for a directory that is not there
    public static FileStreamTable open(FileConnector connector, ConnectorOptions given) {
        ArrivalOptions arrival = ArrivalOptions.of(given);
        ConnectorOptions options = ArrivalOptions.without(given);
        List<InputFile> files = InputFiles.arrived(options);
        arrival.checkCleanable(files);
        if (options.schema().isEmpty() && !connector.hasFixedSchema()) {
            throw schemaRequired(connector, options, files);
        }
        BatchTable shape = connector.openFiles(options, files);
        return new FileStreamTable(connector, options, arrival, shape, UnaryOperator.identity());
    }

    private static QueryException schemaRequired(
            FileConnector connector, ConnectorOptions options, List<InputFile> files) {
        Optional<StructType> found = Optional.of(files)
                .filter(there -> !there.isEmpty())
                .map(there -> connector.openFiles(options, there).schema())
                .filter(schema -> !schema.isEmpty());
        String hint = found.map(
                        schema -> "The files that are there now have this one: schema(\"" + schema.toDDL() + "\").")
                .orElse("Give it with schema(\"…\").");
        return new QueryException(
                "STREAM_SCHEMA_REQUIRED",
                "readStream().format(\"" + options.format() + "\") needs a schema, so that files that come later can't "
                        + "change it. " + hint);
    }

    @Override
    public StructType schema() {
        return form.apply(shape).schema();
    }

    @Override
    public Optional<Table> withMetadata() {
        return shape.withMetadata()
                .map(_ -> new FileStreamTable(connector, options, arrival, shape, FileStreamTable::wider));
    }

    private static BatchTable wider(BatchTable files) {
        return (BatchTable) files.withMetadata().orElseThrow();
    }

    @Override
    public String description() {
        return options.format() + " files arriving in " + String.join(", ", InputFiles.paths(options));
    }

    @Override
    public boolean usesFilter(BoundExpr predicate) {
        return form.apply(shape).usesFilter(predicate);
    }

    @Override
    public StreamingSource open(ScanRequest request, Path checkpoint) {
        return new FileStreamSource(this, request, new ArrivalLog(checkpoint));
    }

    ArrivalOptions arrival() {
        return arrival;
    }

    /// What is there now.
    List<InputFile> list() {
        return InputFiles.arrived(options);
    }

    /// A table of some of the files, with this one's schema.
    ///
    /// @throws QueryException `CONFLICTING_PARTITION_COLUMNS` if the files' directories name other columns
    BatchTable of(List<InputFile> files) {
        ConnectorOptions withSchema = new ConnectorOptions(
                options.format(),
                options.options(),
                Optional.of(shape.schema()),
                options.paths(),
                options.partitionColumns(),
                options.session());
        BatchTable table = connector.openFiles(withSchema, files);
        if (!table.schema().names().equals(shape.schema().names())) {
            throw new QueryException(
                    "CONFLICTING_PARTITION_COLUMNS",
                    "'" + files.getFirst().path() + "' has the columns ("
                            + table.schema().toDDL()
                            + "), its directories' included, but the stream was started with ("
                            + shape.schema().toDDL()
                            + "). Name the columns of directories last in schema(\"…\"), in their order, and keep "
                            + "files of other layouts elsewhere.");
        }
        return form.apply(table);
    }
}

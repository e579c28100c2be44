package dev.headrace.files.source;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.StreamTable;
import dev.headrace.files.InputFile;
import dev.headrace.files.InputFiles;
import dev.headrace.files.MergedSchema;
import java.util.ArrayList;
import java.util.List;

/// A connector whose tables are files: read as a batch, those that are there; as a stream, also those that come later.
public interface FileConnector extends Connector.BatchReadable, Connector.StreamReadable {
    /// The names of the options of reading, without those of [InputFiles#OPTIONS].
    List<String> readOptions();

    /// A table of these files.
    ///
    /// @param options known ones; everything in a schema is nullable, since files need not keep what it promises
    /// @throws dev.headrace.errors.QueryException for values and schemas that can't work
    BatchTable openFiles(ConnectorOptions options, List<InputFile> files);

    /// Whether the format says what the columns are, so that a stream needs no schema.
    default boolean hasFixedSchema() {
        return false;
    }

    /// Whether reading has an option of this name, as a batch or as a stream.
    default boolean isReadOption(String name) {
        return known(ArrivalOptions.NAMES).stream().anyMatch(name::equalsIgnoreCase);
    }

    @Override
    default BatchTable openTable(ConnectorOptions options) {
        options.checkKnown(known(List.of()));
        return openFiles(options.withSchema(MergedSchema::nullable), InputFiles.list(options));
    }

    @Override
    default StreamTable openStream(ConnectorOptions options) {
        options.checkKnown(known(ArrivalOptions.NAMES));
        return FileStreamTable.open(this, options.withSchema(MergedSchema::nullable));
    }

    private List<String> known(List<String> more) {
        List<String> known = new ArrayList<>(InputFiles.OPTIONS);
        known.addAll(readOptions());
        known.addAll(more);
        return known;
    }
}

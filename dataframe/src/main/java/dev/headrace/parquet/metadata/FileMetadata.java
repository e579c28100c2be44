package dev.headrace.parquet.metadata;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.jspecify.annotations.Nullable;

/// A file's footer (`FileMetaData` in `parquet.thrift`). Immutable.
///
/// The places and sizes of all column chunks are decoded at once; their statistics and encodings ([ColumnChunk]), and
/// the file's notes, when they are asked for, from the footer's bytes, which this keeps.
public final class FileMetadata {
    private final byte[] footer;
    private final FileSchema schema;
    private final List<BlockMetaData> rowGroups;
    private final @Nullable String createdBy;
    private final int notesFrom;
    private final int notesTo;

    /// @param notesFrom where the file's keys and values begin; 0 if there are none
    private FileMetadata(
            byte[] footer,
            FileSchema schema,
            List<BlockMetaData> rowGroups,
            @Nullable String createdBy,
            int notesFrom,
            int notesTo) {
        this.footer = footer;
        this.schema = schema;
        this.rowGroups = List.copyOf(rowGroups);
        this.createdBy = createdBy;
        this.notesFrom = notesFrom;
        this.notesTo = notesTo;
    }

    /// Reads a footer.
    ///
    /// @param footer its bytes, which must not change any more
    /// @param known the schema of a file that is likely to have the same
    /// @throws EncryptedMetadataException if the file, or a column of it, is encrypted
    /// @throws RuntimeException if the bytes are no footer: a [MalformedMetadataException], or what the library's
    ///     classes throw for a schema that can't be
    public static FileMetadata read(byte[] footer, @Nullable FileSchema known) {
        CompactReader in = new CompactReader(footer, 0, footer.length);
        int schemaFrom = 0;
        int schemaTo = 0;
        int ordersFrom = 0;
        int ordersTo = 0;
        int notesFrom = 0;
        int notesTo = 0;
        List<BlockMetaData> rowGroups = null;
        String createdBy = null;
        boolean encrypted = false;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            int from = in.position();
            switch (id) {
                case 4 -> rowGroups = rowGroups(in, footer);
                case 6 -> createdBy = in.string();
                default -> in.skip();
            }
            switch (id) {
                case 2 -> {
                    schemaFrom = from;
                    schemaTo = in.position();
                }
                case 5 -> {
                    notesFrom = from;
                    notesTo = in.position();
                }
                case 7 -> {
                    ordersFrom = from;
                    ordersTo = in.position();
                }
                case 8 -> encrypted = true;
                default -> {}
            }
        }
        if (encrypted) {
            throw new EncryptedMetadataException();
        }
        if (schemaFrom == 0 || rowGroups == null) {
            throw new MalformedMetadataException("there is no schema, or no list of row groups");
        }
        FileSchema.Source source = new FileSchema.Source(footer, schemaFrom, schemaTo, ordersFrom, ordersTo);
        FileSchema schema = known != null && known.isThatOf(source) ? known : FileSchema.read(source);
        place(rowGroups, schema, createdBy);
        return new FileMetadata(footer, schema, rowGroups, createdBy, notesFrom, notesTo);
    }

    private static List<BlockMetaData> rowGroups(CompactReader in, byte[] footer) {
        int count = in.structs();
        List<BlockMetaData> groups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            groups.add(rowGroup(in, footer));
        }
        return groups;
    }

    private static BlockMetaData rowGroup(CompactReader in, byte[] footer) {
        BlockMetaData group = new BlockMetaData();
        group.setRowCount(-1);
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> {
                    int count = in.structs();
                    for (int i = 0; i < count; i++) {
                        group.addColumn(ColumnChunk.read(in, footer));
                    }
                }
                case 2 -> group.setTotalByteSize(in.i64());
                case 3 -> group.setRowCount(in.i64());
                default -> in.skip();
            }
        }
        if (group.getRowCount() < 0 || group.getColumns().isEmpty()) {
            throw new MalformedMetadataException("a row group of " + group.getRowCount() + " rows and "
                    + group.getColumns().size() + " columns");
        }
        return group;
    }

    private static void place(List<BlockMetaData> groups, FileSchema schema, @Nullable String createdBy) {
        long rowsBefore = 0;
        for (int i = 0; i < groups.size(); i++) {
            BlockMetaData group = groups.get(i);
            group.setOrdinal(i);
            group.setRowIndexOffset(rowsBefore);
            rowsBefore += group.getRowCount();
            List<ColumnChunkMetaData> columns = group.getColumns();
            for (int c = 0; c < columns.size(); c++) {
                ((ColumnChunk) columns.get(c)).belongTo(schema, c, createdBy);
            }
            requireOneFile(columns);
        }
    }

    private static void requireOneFile(List<ColumnChunkMetaData> columns) {
        String first = ((ColumnChunk) columns.getFirst()).file();
        for (ColumnChunkMetaData column : columns) {
            String file = ((ColumnChunk) column).file();
            if (first == null ? file != null : !first.equals(file)) {
                throw new MalformedMetadataException("the columns of a row group are in several files");
            }
        }
    }

    public FileSchema schema() {
        return schema;
    }

    /// In the file's order, with [ColumnChunk]s, and with their ordinals and first rows.
    public List<BlockMetaData> rowGroups() {
        return rowGroups;
    }

    /// The program that has written the file; null if it does not say.
    public @Nullable String createdBy() {
        return createdBy;
    }

    /// What the file's writer has noted under a key; null if there is nothing.
    public @Nullable String note(String key) {
        if (notesFrom == 0) {
            return null;
        }
        CompactReader in = CompactReader.ofList(footer, notesFrom, notesTo);
        String found = null;
        for (int left = in.structs(); left > 0; left--) {
            boolean isIt = false;
            for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
                if (id == 1) {
                    isIt = in.string().equals(key);
                    found = isIt ? null : found;
                } else if (id == 2 && isIt) {
                    found = in.string();
                } else {
                    in.skip();
                }
            }
        }
        return found;
    }
}

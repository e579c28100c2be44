package dev.headrace.files;

import dev.headrace.chunk.Slice;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a row's column `_metadata` says: the file that it is from.
///
/// The fields are those of Spark's, and so are their values, but that a file is always one block.
final class FileMetadata {
    static final StructField COLUMN = new StructField(
            "_metadata",
            new StructType()
                    .add("file_path", DataTypes.StringType, false)
                    .add("file_name", DataTypes.StringType, false)
                    .add("file_size", DataTypes.LongType, false)
                    .add("file_block_start", DataTypes.LongType, false)
                    .add("file_block_length", DataTypes.LongType, false)
                    .add("file_modification_time", DataTypes.TimestampType, false),
            false);

    private FileMetadata() {}

    /// The column's cell for the rows of a file.
    static List<Object> of(InputFile file) {
        // Spark shortens it here, and does not in input_file_name().
        String path = file.uri().replaceFirst("^file:///", "file:/");
        return List.of(
                text(path),
                text(path.substring(path.lastIndexOf('/') + 1)),
                file.bytes(),
                0L,
                file.bytes(),
                Math.multiplyExact(file.modifiedMillis(), 1000));
    }

    private static Slice text(String text) {
        return Slice.of(text.getBytes(StandardCharsets.UTF_8));
    }
}

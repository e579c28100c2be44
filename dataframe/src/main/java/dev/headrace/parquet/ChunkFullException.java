package dev.headrace.parquet;

/// The values of a chunk's rows have more bytes than those of several rows may have. The chunk is begun again with
/// fewer rows.
final class ChunkFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int fitting;

    /// @param fitting how many slots, or rows, of the chunk have not too many
    ChunkFullException(int fitting) {
        super("only " + fitting + " fit", null, false, false);
        this.fitting = fitting;
    }

    int fitting() {
        return fitting;
    }
}

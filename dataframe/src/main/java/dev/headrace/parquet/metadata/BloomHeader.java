package dev.headrace.parquet.metadata;

/// What stands before the bits of a bloom filter (`BloomFilterHeader` in `parquet.thrift`).
///
/// @param bytes how many bytes of bits follow
/// @param known whether these are blocks that XXH64 chooses, not compressed: what is known of so far
public record BloomHeader(int bytes, boolean known) {
    /// @throws MalformedMetadataException if the bytes are no header
    public static BloomHeader read(CompactReader in) {
        int bytes = -1;
        int algorithm = -1;
        int hash = -1;
        int compression = -1;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> bytes = in.i32();
                case 2 -> algorithm = member(in);
                case 3 -> hash = member(in);
                case 4 -> compression = member(in);
                default -> in.skip();
            }
        }
        if (algorithm < 0 || hash < 0 || compression < 0) {
            throw new MalformedMetadataException("a bloom filter that does not say of what kind it is");
        }
        return new BloomHeader(bytes, algorithm == 1 && hash == 1 && compression == 1);
    }

    /// Which member of a union there is: its id, or 0 if there is none. Of each union the first is known.
    private static int member(CompactReader in) {
        int member = 0;
        in.struct();
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            member = id;
            in.skip();
        }
        return member;
    }
}

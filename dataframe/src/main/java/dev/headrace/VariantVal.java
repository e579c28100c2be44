package dev.headrace;

import dev.headrace.chunk.Slice;
import dev.headrace.variant.Variant;
import dev.headrace.variant.VariantJson;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// A value of type variant in a [Row], in the binary form that Parquet and Spark define. Immutable.
public final class VariantVal {
    private final Variant variant;

    /// @param value the bytes of the value
    /// @param metadata the bytes of the names in it
    /// @throws dev.headrace.errors.DataException `MALFORMED_VARIANT`
    public VariantVal(byte[] value, byte[] metadata) {
        this(Variant.of(value, metadata));
    }

    private VariantVal(Variant variant) {
        this.variant = variant;
    }

    static VariantVal of(Slice cell) {
        return new VariantVal(Variant.of(cell));
    }

    Slice toCell() {
        return variant.toCell();
    }

    public byte[] getValue() {
        return variant.value();
    }

    public byte[] getMetadata() {
        return variant.metadata();
    }

    /// As JSON text.
    ///
    /// @param zoneId in which timestamps are written
    public String toJson(ZoneId zoneId) {
        return VariantJson.text(variant, zoneId);
    }

    /// Whether the bytes are the same.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VariantVal value && toCell().equals(value.toCell());
    }

    @Override
    public int hashCode() {
        return toCell().hashCode();
    }

    /// As JSON text, timestamps in UTC.
    @Override
    public String toString() {
        return toJson(ZoneOffset.UTC);
    }
}

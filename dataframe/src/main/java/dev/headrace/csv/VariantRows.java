package dev.headrace.csv;

import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.errors.DataException;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructType;
import dev.headrace.variant.VariantBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Reads records of CSV whole into one column: objects whose fields are called as the file's header says, or `_c0`,
/// `_c1` … Used by one thread.
final class VariantRows implements FileTable.RowReader {
    private static final long MAX_BYTES = 16L << 20;

    private final CsvOptions options;
    private final FileRecords file;
    private final RecordScan scan;
    private final VariantValues values;
    /// Of the fields; empty without a header.
    private final Optional<List<String>> names;

    private final StructWriter columns;
    private final @Nullable BytesWriter variants;
    private final @Nullable BytesWriter corruptRecords;
    private int rows;
    private long malformedRecords;

    /// Records as variants.
    ///
    /// @param column that gets them
    /// @param prefersDate whether texts such as `2026-01-31` are dates, rather than timestamps
    record Whole(String column, boolean prefersDate) {}

    /// @param asked that column, the one for corrupt records, both or none
    VariantRows(
            FileRange range,
            CsvOptions options,
            CsvFormat.Layout layout,
            Whole whole,
            StructType asked,
            BufferAllocator allocator) {
        this.options = options;
        this.names = layout.hasHeader()
                ? Optional.of(FileSchema.names(
                        FileSchema.firstRecord(range.file(), options, layout).orElse(List.of()), options))
                : Optional.empty();
        CsvSyntax syntax = new CsvSyntax(options, layout.lines());
        this.scan = new RecordScan(syntax, options, List.of(), false);
        this.values = new VariantValues(options.times(), whole.prefersDate());
        this.columns = (StructWriter) ColumnWriter.of(asked, Optional.of(allocator));
        this.variants = bytes(asked.indexOf(whole.column()));
        this.corruptRecords = bytes(options.corruptRecordColumn(asked));
        this.file = new FileRecords(range, layout.charset(), syntax, options, layout.hasHeader());
    }

    private @Nullable BytesWriter bytes(OptionalInt ordinal) {
        return ordinal.isPresent() ? (BytesWriter) columns.field(ordinal.getAsInt()) : null;
    }

    @Override
    public int read(int maxRows) {
        rows = 0;
        columns.ensure(maxRows);
        long start = file.bytesRead();
        // no rows would mean the end
        while (rows < maxRows
                && (rows == 0 || file.bytesRead() - start < MAX_BYTES)
                && file.next((data, from, limit, more) -> scan.read(data, from, limit, more, 0))) {
            add(scan.texts(file.data(), file.start(), file.end()));
        }
        return rows;
    }

    private void add(List<@Nullable String> texts) {
        boolean malformed = names.isPresent() && names.get().size() != texts.size();
        if (malformed) {
            malformedRecords++;
            if (options.mode() == ParseMode.FAILFAST) {
                throw new DataException(
                        "MALFORMED_RECORD",
                        file.place() + ": expected " + names.get().size() + " values, as the header has, found "
                                + texts.size() + ". Correct it, or choose the mode " + ParseMode.PERMISSIVE + " or "
                                + ParseMode.DROPMALFORMED + ".");
            }
            if (options.mode() == ParseMode.DROPMALFORMED) {
                return;
            }
            if (corruptRecords != null) {
                corruptRecords.put(rows, file.data(), file.start(), file.end() - file.start());
            }
        }
        if (variants != null) {
            byte[] variant = variant(texts);
            variants.put(rows, variant, 0, variant.length);
        }
        rows++;
    }

    private byte[] variant(List<@Nullable String> texts) {
        int count = names.map(known -> Math.min(known.size(), texts.size())).orElse(texts.size());
        VariantBuilder variant = new VariantBuilder();
        int start = variant.position();
        List<VariantBuilder.Field> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            fields.add(variant.field(names.isPresent() ? names.get().get(i) : "_c" + i));
            append(variant, texts.get(i));
        }
        variant.finishObject(start, fields);
        return variant.build().bytes();
    }

    private void append(VariantBuilder variant, @Nullable String text) {
        String meant = text != null && text.isEmpty() ? options.words().empty() : text;
        if (meant == null || meant.equals(options.words().nullValue())) {
            variant.appendNull();
        } else {
            values.append(variant, meant);
        }
    }

    @Override
    public StructWriter columns() {
        return columns;
    }

    @Override
    public Map<String, Long> metrics() {
        return Map.of("bytesRead", file.bytesRead(), "malformedRows", malformedRecords);
    }

    @Override
    public void close() {
        columns.close();
        file.close();
    }
}

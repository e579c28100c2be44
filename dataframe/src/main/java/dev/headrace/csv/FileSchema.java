package dev.headrace.csv;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import dev.headrace.files.FaultyFiles;
import dev.headrace.files.FileRange;
import dev.headrace.files.InputFile;
import dev.headrace.parse.FormatOptions;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Finds out the schema of files: as many columns as the first record has values, with the names that it gives if it is
/// a header, else `_c0`, `_c1` …; strings, or with `inferSchema` of the narrowest types that hold all values.
///
/// @param infersTypes whether types are wanted
/// @param ratio the share of the records to look at
/// @param prefersDate whether texts such as `2026-01-31` are dates
record FileSchema(
        String owner,
        CsvOptions options,
        CsvFormat.Layout layout,
        boolean infersTypes,
        double ratio,
        boolean prefersDate) {

    static FileSchema of(FormatOptions given, CsvOptions options, CsvFormat.Layout layout) {
        return new FileSchema(
                given.owner(),
                options,
                layout,
                given.flag("inferSchema", false),
                given.ratio("samplingRatio", 1),
                given.flag("preferDate", true));
    }

    /// No columns if the files hold no record.
    ///
    /// @throws QueryException `UNABLE_TO_INFER_SCHEMA` if there is no file; `TOO_MANY_COLUMNS`
    StructType infer(List<InputFile> files, ConnectorOptions given) {
        if (files.isEmpty()) {
            throw new QueryException(
                    "UNABLE_TO_INFER_SCHEMA", owner + ": there is no file. Give the schema with schema(\"…\").");
        }
        FaultyFiles faulty = FaultyFiles.of(given);
        List<@Nullable String> first = firstRecord(files, faulty);
        if (first.size() > options.maxColumns()) {
            throw new QueryException(
                    "TOO_MANY_COLUMNS",
                    owner + ": the first record has " + first.size() + " values, more than the option 'maxColumns' ("
                            + options.maxColumns() + ") allows. Is the separator right?");
        }
        List<String> names = layout.hasHeader() ? names(first, options) : numbered(first.size());
        TypeInference types = new TypeInference(names.size(), options, prefersDate);
        if (infersTypes) {
            Cancellation query = Cancellation.ofThread();
            FileRange.split(files, layout.isSplittable(), given.session().parallelism()).parallelStream()
                    .map(range -> query.within(() -> faulty.read(() -> types(range, names.size()))))
                    .forEachOrdered(found -> found.ifPresent(types::merge));
        }
        StructType schema = new StructType();
        for (int i = 0; i < names.size(); i++) {
            schema = schema.add(names.get(i), infersTypes ? types.type(i) : DataTypes.StringType, true);
        }
        return schema;
    }

    private List<@Nullable String> firstRecord(List<InputFile> files, FaultyFiles faulty) {
        return files.stream()
                .flatMap(
                        file -> faulty.read(() -> firstRecord(file, options, layout)).orElse(Optional.empty()).stream())
                .findFirst()
                .orElse(List.of());
    }

    /// Empty if there is none.
    static Optional<List<@Nullable String>> firstRecord(InputFile file, CsvOptions options, CsvFormat.Layout layout) {
        CsvSyntax syntax = new CsvSyntax(options, layout.lines());
        RecordScan scan = new RecordScan(syntax, options, List.of(), false);
        try (FileRecords records = new FileRecords(FileRange.whole(file), layout.charset(), syntax, options, false)) {
            return records.next((data, from, limit, more) -> scan.read(data, from, limit, more, 0))
                    ? Optional.of(scan.texts(records.data(), records.start(), records.end()))
                    : Optional.empty();
        }
    }

    static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "_c" + i).toList();
    }

    /// Names that differ whatever their case is: those that occur more than once get their number.
    static List<String> names(List<@Nullable String> header, CsvOptions options) {
        Set<String> seen = new TreeSet<>();
        Set<String> repeated = new TreeSet<>();
        for (@Nullable String name : header) {
            if (name != null && !seen.add(name.toLowerCase(Locale.ROOT))) {
                repeated.add(name.toLowerCase(Locale.ROOT));
            }
        }
        List<String> names = new ArrayList<>();
        for (@Nullable String name : header) {
            if (name == null || name.isEmpty() || name.equals(options.words().nullValue())) {
                names.add("_c" + names.size());
            } else {
                names.add(repeated.contains(name.toLowerCase(Locale.ROOT)) ? name + names.size() : name);
            }
        }
        return names;
    }

    private TypeInference types(FileRange range, int columns) {
        TypeInference types = new TypeInference(columns, options, prefersDate);
        CsvSyntax syntax = new CsvSyntax(options, layout.lines());
        RecordScan sampled = new RecordScan(syntax, options, types.readers(), false);
        RecordScan passedOver = new RecordScan(syntax, options, List.of(), false);
        SplittableRandom random = new SplittableRandom(range.from() + 1);
        FileRecords.Target target = (data, from, limit, more) -> {
            RecordScan scan = ratio == 1 || random.nextDouble() < ratio ? sampled : passedOver;
            return scan.read(data, from, limit, more, 0);
        };
        try (FileRecords records = new FileRecords(range, layout.charset(), syntax, options, layout.hasHeader())) {
            boolean more = true;
            while (more) {
                more = records.next(target);
            }
        }
        return types;
    }
}

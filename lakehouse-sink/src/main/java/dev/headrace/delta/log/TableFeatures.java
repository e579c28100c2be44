package dev.headrace.delta.log;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which tables Headrace may read and write: refuses, by name, features of Delta's protocol that it doesn't honour.
///
/// A feature that a table allows but doesn't use is no obstacle. So a table may support check constraints as long
/// as none is declared.
public final class TableFeatures {
    private static final String TIMESTAMP_NTZ = "timestampNtz";

    private static final String VARIANT = "variantType";
    private static final String VARIANT_PREVIEW = "variantType-preview";

    /// Files hold parts of variants as columns of their own: we read them, and write none.
    private static final List<String> SHREDDING = List.of("variantShredding", "variantShredding-preview");

    private static final Set<String> READER_FEATURES = Set.of(
            VARIANT,
            VARIANT_PREVIEW,
            SHREDDING.get(0),
            SHREDDING.get(1),
            "columnMapping",
            "deletionVectors",
            TIMESTAMP_NTZ,
            "typeWidening",
            "typeWidening-preview",
            "v2Checkpoint",
            "vacuumProtocolCheck");

    private static final Set<String> WRITER_FEATURES = Set.of(
            VARIANT,
            VARIANT_PREVIEW,
            SHREDDING.get(0),
            SHREDDING.get(1),
            "appendOnly",
            "invariants",
            "checkConstraints",
            "changeDataFeed",
            "generatedColumns",
            "columnMapping",
            "identityColumns",
            "deletionVectors",
            TIMESTAMP_NTZ,
            "typeWidening",
            "typeWidening-preview",
            "v2Checkpoint",
            "vacuumProtocolCheck",
            "domainMetadata",
            "clustering",
            "allowColumnDefaults",
            "inCommitTimestamp",
            "icebergCompatV1",
            "icebergCompatV2");

    private TableFeatures() {}

    /// Features that have numbers of writer versions, from which on all are implied.
    private static final Map<String, Integer> NUMBERED = Map.of(
            "appendOnly", 2,
            "invariants", 2,
            "checkConstraints", 3,
            "changeDataFeed", 4,
            "generatedColumns", 4,
            "columnMapping", 5,
            "identityColumns", 6);

    /// Features that a reader must know, too.
    private static final Set<String> OF_READERS = Set.of(
            "columnMapping",
            "deletionVectors",
            TIMESTAMP_NTZ,
            "typeWidening",
            "typeWidening-preview",
            "v2Checkpoint",
            "vacuumProtocolCheck",
            VARIANT,
            VARIANT_PREVIEW,
            SHREDDING.get(0),
            SHREDDING.get(1));

    /// @param table for messages
    /// @throws QueryException `DELTA_UNSUPPORTED_FEATURE` if a type among the columns needs a feature that a table has
    ///     not
    public static void checkTypes(String table, Protocol protocol, StructType schema) {
        Set<String> has = protocol.writerFeatures();
        if (contains(schema, DataTypes.TimestampNTZType) && !has.contains(TIMESTAMP_NTZ)) {
            throw typeNeeds(table, "timestamp_ntz", TIMESTAMP_NTZ, "Cast it to timestamp");
        }
        if (contains(schema, DataTypes.VariantType) && !has.contains(VARIANT) && !has.contains(VARIANT_PREVIEW)) {
            throw typeNeeds(table, "variant", VARIANT, "Write its text, from to_json(…)");
        }
    }

    private static QueryException typeNeeds(String table, String type, String feature, String way) {
        return new QueryException(
                "DELTA_UNSUPPORTED_FEATURE",
                table + ": a column of type '" + type + "' needs Delta's feature " + feature
                        + ", which the table has not. " + way + ", or write a new table.");
    }

    /// The least protocol that has all that two have.
    public static Protocol union(Protocol one, Protocol other) {
        int reader = Math.max(one.minReaderVersion(), other.minReaderVersion());
        int writer = Math.max(one.minWriterVersion(), other.minWriterVersion());
        if (writer < 7) {
            return new Protocol(reader, writer, Set.of(), Set.of());
        }
        Set<String> writers = new TreeSet<>(features(one));
        writers.addAll(features(other));
        Set<String> readers = new TreeSet<>(one.readerFeatures());
        readers.addAll(other.readerFeatures());
        if (reader >= 3 && writers.contains("columnMapping")) {
            readers.add("columnMapping");
        }
        return new Protocol(reader, writer, reader < 3 ? Set.of() : readers, writers);
    }

    private static Set<String> features(Protocol protocol) {
        Set<String> features = new TreeSet<>(protocol.writerFeatures());
        NUMBERED.forEach((feature, version) -> {
            if (protocol.minWriterVersion() < 7 && version <= protocol.minWriterVersion()) {
                features.add(feature);
            }
        });
        return features;
    }

    /// A protocol with all that a table's columns and properties need beyond what it has.
    public static Protocol upgraded(Protocol protocol, TableMetadata metadata) {
        Set<String> needed = new TreeSet<>(featuresOf(metadata));
        if (protocol.writerFeatures().contains(VARIANT_PREVIEW)) {
            needed.remove(VARIANT);
        }
        int writer = protocol.minWriterVersion();
        needed.removeIf(feature -> writer < 7
                ? NUMBERED.getOrDefault(feature, Integer.MAX_VALUE) <= writer
                : protocol.writerFeatures().contains(feature));
        if (needed.isEmpty()) {
            return protocol;
        }
        if (writer < 7 && NUMBERED.keySet().containsAll(needed)) {
            int least = needed.stream().mapToInt(NUMBERED::get).max().orElse(writer);
            int reader = needed.contains("columnMapping") ? 2 : 1;
            return new Protocol(
                    Math.max(reader, protocol.minReaderVersion()), Math.max(least, writer), Set.of(), Set.of());
        }
        Set<String> writerFeatures = new TreeSet<>(protocol.writerFeatures());
        NUMBERED.forEach((feature, version) -> {
            if (writer < 7 && version <= writer) {
                writerFeatures.add(feature);
            }
        });
        writerFeatures.addAll(needed);
        Set<String> readerFeatures = new TreeSet<>(writerFeatures);
        readerFeatures.retainAll(OF_READERS);
        readerFeatures.addAll(protocol.readerFeatures());
        boolean none = readerFeatures.isEmpty();
        boolean mappingOnly = readerFeatures.equals(Set.of("columnMapping")) && protocol.minReaderVersion() < 3;
        int reader = mappingOnly ? 2 : none ? protocol.minReaderVersion() : 3;
        return new Protocol(reader, 7, reader < 3 ? Set.of() : readerFeatures, writerFeatures);
    }

    private static Set<String> featuresOf(TableMetadata metadata) {
        Set<String> features = new TreeSet<>();
        if (contains(metadata.schema(), DataTypes.TimestampNTZType)) {
            features.add(TIMESTAMP_NTZ);
        }
        if (contains(metadata.schema(), DataTypes.VariantType)) {
            features.add(VARIANT);
        }
        Map.of(
                        "delta.appendOnly", "appendOnly",
                        "delta.enableChangeDataFeed", "changeDataFeed",
                        "delta.enableDeletionVectors", "deletionVectors",
                        "delta.enableTypeWidening", "typeWidening")
                .forEach((property, feature) -> {
                    if (metadata.enabled(property)) {
                        features.add(feature);
                    }
                });
        String mapping = metadata.configuration().getOrDefault("delta.columnMapping.mode", "none");
        if (!mapping.equalsIgnoreCase("none")) {
            features.add("columnMapping");
        }
        if (metadata.configuration().keySet().stream().anyMatch(key -> key.startsWith("delta.constraints."))) {
            features.add("checkConstraints");
        }
        for (StructField field : metadata.schema()) {
            Set<String> facts = field.metadata().entries().keySet();
            if (!field.nullable()) {
                features.add("invariants");
            }
            if (facts.contains("delta.generationExpression")) {
                features.add("generatedColumns");
            }
            if (facts.contains("delta.identity.start")) {
                features.add("identityColumns");
            }
            if (facts.contains("CURRENT_DEFAULT")) {
                features.add("allowColumnDefaults");
            }
        }
        return features;
    }

    /// @param table for messages
    /// @throws QueryException `DELTA_UNSUPPORTED_FEATURE` if rows read from the table might be wrong
    public static void checkReadable(String table, TableSnapshot snapshot) {
        checkReadable(table, snapshot.protocol());
        checkColumnMapping(table, snapshot.metadata(), "read");
    }

    /// @throws QueryException `DELTA_UNSUPPORTED_FEATURE` if a feature isn't known
    public static void checkReadable(String table, Protocol protocol) {
        if (protocol.minReaderVersion() > 3) {
            throw unsupported(table, "reader version " + protocol.minReaderVersion(), "read");
        }
        firstOutside(protocol.readerFeatures(), READER_FEATURES).ifPresent(feature -> {
            throw unsupported(table, feature, "read");
        });
    }

    /// @param table for messages
    /// @throws QueryException `DELTA_UNSUPPORTED_FEATURE` if a commit to the table might break its rules
    public static void checkWritable(String table, TableSnapshot snapshot) {
        checkWritable(table, snapshot.protocol(), snapshot.metadata());
    }

    /// As [#checkWritable(String, TableSnapshot)], of what a commit is about to make of a table.
    public static void checkWritable(String table, Protocol protocol, TableMetadata metadata) {
        if (protocol.minWriterVersion() > 7) {
            throw unsupported(table, "writer version " + protocol.minWriterVersion(), "write");
        }
        firstOutside(protocol.writerFeatures(), WRITER_FEATURES).ifPresent(feature -> {
            throw unsupported(table, feature, "write");
        });
        checkColumnMapping(table, metadata, "write");
        checkProperties(table, metadata);
    }

    /// @throws QueryException `DELTA_APPEND_ONLY` if the table's owner allows no rows to be removed
    public static void checkRemovable(String table, TableMetadata metadata) {
        if (metadata.enabled("delta.appendOnly")) {
            throw new QueryException(
                    "DELTA_APPEND_ONLY",
                    table
                            + " has the property delta.appendOnly=true: rows can be added, not overwritten. Append instead, or "
                            + "unset the property.");
        }
    }

    private static void checkProperties(String table, TableMetadata metadata) {
        for (String property : Set.of(
                "delta.enableInCommitTimestamps",
                "delta.enableRowTracking",
                "delta.enableIcebergCompatV1",
                "delta.enableIcebergCompatV2")) {
            if (metadata.enabled(property)) {
                throw unsupported(table, property, "write");
            }
        }
    }

    private static void checkColumnMapping(String table, TableMetadata metadata, String what) {
        String mode = metadata.configuration().getOrDefault("delta.columnMapping.mode", "none");
        if (!Set.of("none", "name", "id").contains(mode.toLowerCase(Locale.ROOT))) {
            throw unsupported(table, "columnMapping (delta.columnMapping.mode=" + mode + ")", what);
        }
    }

    private static Optional<String> firstOutside(Set<String> features, Set<String> known) {
        Set<String> unknown = new LinkedHashSet<>(features);
        unknown.removeAll(known);
        return unknown.stream().sorted().findFirst();
    }

    private static boolean contains(DataType type, DataType atomic) {
        return switch (type) {
            case ArrayType(DataType element, boolean _) -> contains(element, atomic);
            case MapType(DataType key, DataType value, boolean _) -> contains(key, atomic) || contains(value, atomic);
            case StructType struct -> struct.fieldList().stream().anyMatch(field -> contains(field.dataType(), atomic));
            case DataType other -> other.equals(atomic);
        };
    }

    private static QueryException unsupported(String table, String feature, String what) {
        return new QueryException(
                "DELTA_UNSUPPORTED_FEATURE",
                table + " uses Delta's feature " + feature + ", without which Headrace can't " + what
                        + " the table right. Drop the feature, or " + what + " a copy made without it.");
    }
}

package dev.headrace.delta.log;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which tables Headrace may read and write: refuses, by name, features of Delta's protocol that it doesn't honour.
///
/// A feature that a table allows but doesn't use is no obstacle. So a table may support check constraints as long
/// as none is declared.
public final class TableFeatures {
    private static final String TIMESTAMP_NTZ = "timestampNtz";

    private static final Set<String> READER_FEATURES = Set.of(
            "columnMapping", "deletionVectors", TIMESTAMP_NTZ, "typeWidening", "v2Checkpoint", "vacuumProtocolCheck");

    private static final Set<String> WRITER_FEATURES = Set.of(
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
            "v2Checkpoint",
            "vacuumProtocolCheck",
            "domainMetadata",
            "clustering",
            "allowColumnDefaults",
            "inCommitTimestamp",
            "icebergCompatV1",
            "icebergCompatV2");

    private TableFeatures() {}

    /// The least protocol that a new table of this schema needs.
    public static Protocol required(StructType schema) {
        return containsTimestampNtz(schema)
                ? new Protocol(3, 7, Set.of(TIMESTAMP_NTZ), Set.of("appendOnly", "invariants", TIMESTAMP_NTZ))
                : Protocol.BASIC;
    }

    /// @param table for messages
    /// @throws QueryException `DELTA_UNSUPPORTED_FEATURE` if rows read from the table might be wrong
    public static void checkReadable(String table, TableSnapshot snapshot) {
        checkReadable(table, snapshot.protocol());
        checkReadableMapping(table, snapshot.metadata());
        for (StructField field : snapshot.metadata().schema()) {
            if (field.metadata().entries().containsKey("delta.typeChanges")) {
                throw unsupported(table, "typeWidening (of column '" + field.name() + "')", "read");
            }
        }
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
        Protocol protocol = snapshot.protocol();
        TableMetadata metadata = snapshot.metadata();
        if (protocol.minWriterVersion() > 7) {
            throw unsupported(table, "writer version " + protocol.minWriterVersion(), "write");
        }
        firstOutside(protocol.writerFeatures(), WRITER_FEATURES).ifPresent(feature -> {
            throw unsupported(table, feature, "write");
        });
        checkColumnMapping(table, metadata, "write");
        checkProperties(table, metadata);
        checkColumns(table, metadata.schema());
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
        for (Map.Entry<String, String> property : metadata.configuration().entrySet()) {
            if (property.getKey().startsWith("delta.constraints.")) {
                throw unsupported(table, "checkConstraints (" + property.getValue() + ")", "write");
            }
        }
    }

    private static void checkColumns(String table, StructType schema) {
        for (StructField field : schema) {
            Set<String> facts = field.metadata().entries().keySet();
            String of = " (of column '" + field.name() + "')";
            if (facts.contains("delta.invariants")) {
                throw unsupported(table, "invariants" + of, "write");
            }
            if (facts.contains("delta.generationExpression")) {
                throw unsupported(table, "generatedColumns" + of, "write");
            }
            if (facts.contains("delta.identity.start")) {
                throw unsupported(table, "identityColumns" + of, "write");
            }
            if (facts.contains("CURRENT_DEFAULT")) {
                throw unsupported(table, "allowColumnDefaults" + of, "write");
            }
        }
    }

    private static void checkReadableMapping(String table, TableMetadata metadata) {
        String mode = metadata.configuration().getOrDefault("delta.columnMapping.mode", "none");
        if (!mode.equalsIgnoreCase("none") && !mode.equalsIgnoreCase("name")) {
            throw unsupported(table, "columnMapping (delta.columnMapping.mode=" + mode + ")", "read");
        }
    }

    private static void checkColumnMapping(String table, TableMetadata metadata, String what) {
        String mode = metadata.configuration().getOrDefault("delta.columnMapping.mode", "none");
        if (!mode.equalsIgnoreCase("none")) {
            throw unsupported(table, "columnMapping (delta.columnMapping.mode=" + mode + ")", what);
        }
    }

    private static Optional<String> firstOutside(Set<String> features, Set<String> known) {
        Set<String> unknown = new LinkedHashSet<>(features);
        unknown.removeAll(known);
        return unknown.stream().sorted().findFirst();
    }

    private static boolean containsTimestampNtz(DataType type) {
        return switch (type) {
            case TimestampNTZType _ -> true;
            case ArrayType(DataType element, boolean _) -> containsTimestampNtz(element);
            case MapType(DataType key, DataType value, boolean _) ->
                containsTimestampNtz(key) || containsTimestampNtz(value);
            case StructType struct ->
                struct.fieldList().stream().anyMatch(field -> containsTimestampNtz(field.dataType()));
            case DataType _ -> false;
        };
    }

    private static QueryException unsupported(String table, String feature, String what) {
        return new QueryException(
                "DELTA_UNSUPPORTED_FEATURE",
                table + " uses Delta's feature " + feature + ", without which Headrace can't " + what
                        + " the table right. Drop the feature, or " + what + " a copy made without it.");
    }
}

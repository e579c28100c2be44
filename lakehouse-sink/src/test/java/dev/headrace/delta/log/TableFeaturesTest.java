package dev.headrace.delta.log;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.QueryException;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TableFeaturesTest {
    private static final StructType PLAIN = StructType.fromDDL("id bigint");

    private static Protocol required(StructType schema) {
        return TableFeatures.upgraded(
                Protocol.BASIC, table(Protocol.BASIC, schema, Map.of()).metadata());
    }

    @Test
    void columnsThatComeLaterNeedTheirFeaturesToo() {
        Protocol vectors = new Protocol(3, 7, Set.of("deletionVectors"), Set.of("deletionVectors"));
        StructType variants = StructType.fromDDL("s struct<v: variant>");
        StructType local = StructType.fromDDL("t timestamp_ntz");

        for (Protocol lacking : List.of(Protocol.BASIC, vectors)) {
            assertEquals(
                    "[DELTA_UNSUPPORTED_FEATURE] /t: a column of type 'variant' needs Delta's feature variantType, which the"
                            + " table has not. Write its text, from to_json(…), or write a new table.",
                    assertThrows(QueryException.class, () -> TableFeatures.checkTypes("/t", lacking, variants))
                            .getMessage());
            assertEquals(
                    "[DELTA_UNSUPPORTED_FEATURE] /t: a column of type 'timestamp_ntz' needs Delta's feature timestampNtz, which"
                            + " the table has not. Cast it to timestamp, or write a new table.",
                    assertThrows(QueryException.class, () -> TableFeatures.checkTypes("/t", lacking, local))
                            .getMessage());
            assertDoesNotThrow(() -> TableFeatures.checkTypes("/t", lacking, PLAIN));
        }
        assertDoesNotThrow(() -> TableFeatures.checkTypes("/t", required(variants), variants));
        assertDoesNotThrow(() -> TableFeatures.checkTypes("/t", required(local), local));
    }

    @Test
    void aTimestampWithoutZoneNeedsItsFeature() {
        assertEquals(Protocol.BASIC, required(PLAIN));
        assertEquals(
                3,
                required(StructType.fromDDL("s struct<a: array<timestamp_ntz>>"))
                        .minReaderVersion());
    }

    @Test
    void variantsAreAFeatureOfReadersAndWriters() {
        assertEquals(
                new Protocol(3, 7, Set.of("variantType"), Set.of("appendOnly", "invariants", "variantType")),
                required(StructType.fromDDL("m map<string, variant>")));
        Protocol preview = new Protocol(3, 7, Set.of("variantType-preview"), Set.of("variantType-preview"));
        assertEquals(
                preview,
                TableFeatures.upgraded(
                        preview,
                        table(preview, StructType.fromDDL("v variant"), Map.of())
                                .metadata()));
    }

    @Test
    void aFeatureThatIsAllowedButNotUsedIsNoObstacle() {
        TableSnapshot table = table(
                new Protocol(3, 7, Set.of("deletionVectors"), Set.of("deletionVectors", "checkConstraints")),
                PLAIN,
                Map.of("delta.enableDeletionVectors", "true"));

        assertDoesNotThrow(() -> TableFeatures.checkReadable("/t", table));
        assertDoesNotThrow(() -> TableFeatures.checkWritable("/t", table));
    }

    @Test
    void whatIsNotKnownIsRefusedByName() {
        Protocol protocol = new Protocol(3, 7, Set.of("someFeature"), Set.of("someFeature", "rowTracking"));
        TableSnapshot table = table(protocol, PLAIN, Map.of());

        assertEquals(
                "[DELTA_UNSUPPORTED_FEATURE] /t uses Delta's feature someFeature, without which Headrace can't read the table "
                        + "right. Drop the feature, or read a copy made without it.",
                message(() -> TableFeatures.checkReadable("/t", table)));
        assertEquals(
                "[DELTA_UNSUPPORTED_FEATURE] /t uses Delta's feature rowTracking, without which Headrace can't write the "
                        + "table right. Drop the feature, or write a copy made without it.",
                message(() -> TableFeatures.checkWritable("/t", table)));
    }

    @Test
    void aColumnMappingThatIsNotKnownIsRefused() {
        TableSnapshot table =
                table(new Protocol(2, 5, Set.of(), Set.of()), PLAIN, Map.of("delta.columnMapping.mode", "taste"));

        assertEquals(
                "[DELTA_UNSUPPORTED_FEATURE] /t uses Delta's feature columnMapping (delta.columnMapping.mode=taste), without "
                        + "which Headrace can't read the table right. Drop the feature, or read a copy made without it.",
                message(() -> TableFeatures.checkReadable("/t", table)));
    }

    @Test
    void identityColumnsNeedWriterVersionSix() {
        StructField field = new StructField(
                "id", PLAIN.field(0).dataType(), true, new Metadata(Map.of("delta.identity.start", 1L)));

        assertEquals(new Protocol(1, 6, Set.of(), Set.of()), required(new StructType(List.of(field))));
    }

    @Test
    void aProtocolGetsWhatPropertiesNeedAndNoMore() {
        assertEquals(Protocol.BASIC, upgraded(Protocol.BASIC, Map.of("delta.appendOnly", "true")));
        assertEquals(
                new Protocol(1, 4, Set.of(), Set.of()),
                upgraded(Protocol.BASIC, Map.of("delta.enableChangeDataFeed", "true")));
        assertEquals(
                new Protocol(2, 5, Set.of(), Set.of()),
                upgraded(new Protocol(1, 4, Set.of(), Set.of()), Map.of("delta.columnMapping.mode", "name")));
        assertEquals(
                new Protocol(
                        3,
                        7,
                        Set.of("deletionVectors"),
                        Set.of("appendOnly", "invariants", "checkConstraints", "deletionVectors")),
                upgraded(
                        new Protocol(1, 3, Set.of(), Set.of()),
                        Map.of("delta.enableDeletionVectors", "true", "delta.constraints.c", "id > 0")));
        assertEquals(
                new Protocol(
                        3, 7, Set.of("deletionVectors", "columnMapping"), Set.of("deletionVectors", "columnMapping")),
                upgraded(
                        new Protocol(3, 7, Set.of("deletionVectors"), Set.of("deletionVectors")),
                        Map.of("delta.columnMapping.mode", "name")));
    }

    private static Protocol upgraded(Protocol protocol, Map<String, String> properties) {
        return TableFeatures.upgraded(
                protocol, table(protocol, PLAIN, properties).metadata());
    }

    @Test
    void anAppendOnlyTableIsNotOverwritten() {
        TableSnapshot table = table(Protocol.BASIC, PLAIN, Map.of("delta.appendOnly", "true"));

        assertEquals(
                "[DELTA_APPEND_ONLY] /t has the property delta.appendOnly=true: rows can be added, not overwritten. Append "
                        + "instead, or unset the property.",
                message(() -> TableFeatures.checkRemovable("/t", table.metadata())));
    }

    private static String message(Runnable refused) {
        return assertThrows(QueryException.class, refused::run).getMessage();
    }

    private static TableSnapshot table(Protocol protocol, StructType schema, Map<String, String> properties) {
        TableMetadata metadata = new TableMetadata(
                "id", Optional.empty(), Optional.empty(), schema, List.of(), properties, OptionalLong.empty());
        return new TableSnapshot() {
            @Override
            public long version() {
                return 0;
            }

            @Override
            public TableMetadata metadata() {
                return metadata;
            }

            @Override
            public Protocol protocol() {
                return protocol;
            }

            @Override
            public OptionalLong lastTransaction(String appId) {
                return OptionalLong.empty();
            }

            @Override
            public List<AddFile> files(FileFilter filter) {
                return List.of();
            }
        };
    }
}

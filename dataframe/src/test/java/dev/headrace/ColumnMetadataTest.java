package dev.headrace;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.struct;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.types.DataTypes;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is known about a column beside its type.
class ColumnMetadataTest {
    private static final Metadata NOTE = new Metadata(Map.of("comment", "what it costs", "scale", 2L));

    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    private final DataFrame priced =
            session.range(4).select(col("id"), col("id").multiply(3).as("price", NOTE));

    private static Metadata price(DataFrame frame) {
        return frame.schema().apply("price").metadata();
    }

    @Test
    void aColumnHasWhatItIsGiven() {
        assertEquals(NOTE, price(priced));
        assertEquals(Metadata.empty(), priced.schema().apply("id").metadata());
        assertEquals(NOTE, price(session.range(1).withColumn("price", lit(1)).withMetadata("price", NOTE)));
        assertEquals(Metadata.empty(), price(priced.withMetadata("price", Metadata.empty())));
        assertEquals(6, priced.agg(max(col("price").minus(3))).head().getLong(0));
        assertEquals(NOTE, price(priced.groupBy("id").agg(max("id").as("price", NOTE))));
    }

    @Test
    void columnsThatArePassedOnKeepIt() {
        assertEquals(
                NOTE, price(priced.filter("price > 3").orderBy("id").limit(2).distinct()));
        assertEquals(NOTE, price(priced.select("price")));
        assertEquals(NOTE, price(priced.select("*")));
        assertEquals(NOTE, price(priced.withColumn("more", lit(1))));
        assertEquals(NOTE, price(priced.select(col("price").as("other")).withColumnRenamed("other", "price")));
        assertEquals(NOTE, price(priced.join(session.range(2), "id")));
        assertEquals(NOTE, price(priced.union(priced)));
        assertEquals(NOTE, price(priced.groupBy("price").count()));
        assertEquals(Metadata.empty(), price(priced.select(col("price").plus(1).as("price"))));
        priced.createOrReplaceTempView("priced");
        assertEquals(NOTE, price(session.sql("SELECT price FROM priced WHERE id > 1")));
        assertEquals(4, priced.select("price").collectAsList().size());
    }

    /// Such texts are compared, also with those that another process has written.
    @Test
    void itsTextIsTheSameInEachProcess() {
        Metadata many = new Metadata(Map.of("d", 4L, "b", 2L, "e", Map.of("z", 1L, "y", 2L), "a", 1L, "c", 3L));
        assertEquals(
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,"
                        + "\"metadata\":{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":{\"y\":2,\"z\":1}}}]}",
                new StructType()
                        .add(new StructField("id", DataTypes.LongType, true, many))
                        .json());
    }

    @Test
    void filesGetWhatUsersSayAndNotWhatHoldsInAnotherTable(@TempDir Path directory) {
        Metadata ofTable = new Metadata(Map.of(
                "comment",
                "kept",
                "CURRENT_DEFAULT",
                "7",
                "delta.generationExpression",
                "id * 3",
                "parquet.field.id",
                1L));
        DataFrame rows = session.range(2)
                .select(
                        col("id").as("a", ofTable),
                        col("id").plus(10).as("b", ofTable),
                        struct(col("id").as("c")).as("s"));
        String both = directory.resolve("both").toString();
        rows.write().parquet(both);
        DataFrame read = session.read().parquet(both);
        assertEquals(
                new Metadata(Map.of("comment", "kept")),
                read.schema().apply("b").metadata());
        // By their numbers, which are the same, both columns would be the first one.
        assertEquals(
                List.of("[0,10,[0]]", "[1,11,[1]]"),
                read.orderBy("a").collectAsList().stream().map(Row::toString).toList());

        String one = directory.resolve("one").toString();
        rows.select("a").write().parquet(one);
        assertEquals(
                new Metadata(Map.of("comment", "kept", "parquet.field.id", 1L)),
                session.read().parquet(one).schema().apply("a").metadata());
    }

    @Test
    void filtersFindColumnsByTheirNumbersAsRowsDo(@TempDir Path directory) {
        Metadata one = new Metadata(Map.of("parquet.field.id", 1L));
        Metadata two = new Metadata(Map.of("parquet.field.id", 2L));
        String files = directory.resolve("files").toString();
        session.range(3)
                .select(col("id").as("a", one), col("id").plus(10).as("b", two))
                .write()
                .parquet(files);
        session.range(3, 5)
                .select(col("id").plus(10).as("a", two), col("id").as("b", one))
                .write()
                .mode("append")
                .parquet(files);
        StructType schema = new StructType(List.of(
                new StructField("a", DataTypes.LongType, true, one),
                new StructField("c", DataTypes.LongType, true, two)));
        DataFrame rows = session.read().schema(schema).parquet(files);
        assertEquals(5, rows.filter("a < 10").collectAsList().size());
        assertEquals(5, rows.filter("c >= 10").collectAsList().size());
        assertEquals(0, rows.filter("a > 4 OR c IS NULL").collectAsList().size());
    }
}

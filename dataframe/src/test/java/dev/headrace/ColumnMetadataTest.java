package dev.headrace;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.types.Metadata;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

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
}

package dev.headrace.notebook;

import static dev.headrace.functions.array;
import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TablePreviewTest {
    private final Session session = Session.builder().master("local").getOrCreate();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void headerHasTypesAndNumbersAreRightAligned() {
        String html = TablePreview.of(session.range(2).select(col("id"), lit("x").as("name")), 20)
                .html();

        assertTrue(html.contains("<th style=\"text-align:right\">id<br><span"), html);
        assertTrue(html.contains(">bigint</span>"), html);
        assertTrue(html.contains("<td style=\"text-align:right\">1</td><td style=\"text-align:left\">x</td>"), html);
        assertTrue(html.endsWith("2 rows</p>"), html);
    }

    @Test
    void textsAndNamesAreEscaped() {
        DataFrame frame = session.range(1).select(lit("<script>&'\"$x$").as("<b>"));

        String html = TablePreview.of(frame, 20).html();

        assertTrue(html.contains("&lt;script&gt;&amp;&#39;&quot;&#36;x&#36;"), html);
        assertFalse(html.contains("<b>"), html);
    }

    @Test
    void nullIsSeenAndIsNotTheTextNull() {
        DataFrame frame =
                session.range(2).select(when(col("id").equalTo(0), lit("null")).as("t"));

        String html = TablePreview.of(frame, 20).html();

        assertTrue(html.contains(">null</td>"), html);
        assertTrue(html.contains("<i style=\"color:#b58900\">null</i>"), html);
    }

    @Test
    void nestedValuesAreReadable() {
        DataFrame frame = session.range(1)
                .select(struct(col("id").as("n"), array(lit(1), lit(2)).as("list"))
                        .as("s"));

        assertEquals(
                "{\"n\":0,\"list\":[1,2]}",
                TablePreview.of(frame, 20).rows().getFirst().getFirst());
    }

    @Test
    void noMoreRowsAreReadThanAreShownAndOne() {
        TablePreview preview = TablePreview.of(session.range(Long.MAX_VALUE / 2).filter("id >= 0"), 3);

        assertEquals(3, preview.rows().size());
        assertTrue(preview.html().contains("the first 3 rows"));
        assertTrue(preview.text().endsWith("the first 3 rows"), preview.text());
    }

    @Test
    void totalIsSaidWhereNoRowHasToBeReadForIt() {
        DataFrame frame = session.range(1_234_567)
                .select(col("id").plus(1).as("n"))
                .orderBy("n")
                .limit(1_000_000);

        assertTrue(TablePreview.of(frame, 3).text().endsWith("the first 3 of 1,000,000 rows"));
    }

    @Test
    void noRowsAndNoColumnsAreTablesToo() {
        assertTrue(TablePreview.of(session.range(0), 20).html().contains("0 rows"));
        assertTrue(TablePreview.of(session.emptyDataFrame(), 20).html().contains("0 rows"));
    }

    @Test
    void columnsOfTheSameNameKeepTheirValues() {
        DataFrame frame = session.range(1).select(lit(1).as("a"), lit(2).as("a"));

        assertEquals("[[1, 2]]", TablePreview.of(frame, 20).rows().toString());
    }
}

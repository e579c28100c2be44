package dev.headrace.notebook;

import static dev.headrace.functions.col;
import static dev.headrace.functions.concat;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import dev.headrace.plotting.Chart;
import dev.headrace.plotting.Plot;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChartTest {
    private final Session session = Session.builder().master("local").getOrCreate();
    private final DataFrame numbers =
            session.range(10).withColumn("square", col("id").multiply(col("id")));

    @BeforeAll
    static void headless() {
        System.setProperty("java.awt.headless", "true");
    }

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void everyKindIsAPictureOfModestSize() {
        Plot plot = numbers.plot().title("Squares");
        for (Chart chart : new Chart[] {
            plot.line("id", "square"), plot.area("id", "square"), plot.scatter("id", "square", "id"),
            plot.bar("id", "square"), plot.histogram("square", 4), plot.box("id", "square"),
            plot.heatmap("id", "square", "square")
        }) {
            String svg = chart.svg();
            assertTrue(svg.startsWith("<svg"), svg);
            assertTrue(svg.length() < 150_000, "length " + svg.length());
        }
    }

    @Test
    void timesLabelsAndNullsCanBeDrawn() {
        DataFrame frame = session.range(3)
                .select(
                        col("id").plus(1767225600L).cast("timestamp").as("time"),
                        concat(lit("<n"), col("id").cast("string")).as("name"),
                        when(col("id").equalTo(1), lit(null).cast("int"))
                                .otherwise(5)
                                .as("value"));

        assertTrue(Notebook.plot(frame).line("time", "value").svg().startsWith("<svg"));
        assertTrue(Notebook.plot(frame).bar("name", "value").svg().startsWith("<svg"));
    }

    @Test
    void noRowsAreNotDrawn() {
        FrameChart chart = new FramePlot(numbers.filter("id > 100")).bar("id", "square");

        assertEquals("No rows to draw.", chart.display().data().get("text/plain"));
    }

    @Test
    void unknownColumnIsAnErrorBeforeAnythingRuns() {
        QueryException error =
                assertThrows(QueryException.class, () -> Notebook.plot(numbers).line("id", "squares"));

        assertTrue(error.getMessage().contains("Did you mean 'square'?"), error.getMessage());
    }

    @Test
    void chartNeedsColumnsAndAHistogramIntervals() {
        FramePlot plot = new FramePlot(numbers);

        assertEquals(
                "[UNSUPPORTED_CHART] A chart over \"id\" needs the names of the columns to draw.",
                assertThrows(QueryException.class, () -> plot.line("id")).getMessage());
        assertEquals(
                "[UNSUPPORTED_CHART] plot(…).histogram(\"id\", 0): there must be at least 1 interval.",
                assertThrows(QueryException.class, () -> plot.histogram("id", 0))
                        .getMessage());
    }

    @Test
    void eachGroupIsASeriesOfItsOwn() {
        FramePlot plot = new FramePlot(numbers.withColumn("rest", col("id").mod(3))).by("rest");
        for (Chart chart : new Chart[] {
            plot.line("id", "square"), plot.area("id", "square"), plot.scatter("id", "square", "id"),
            plot.bar("id", "square"), plot.histogram("square", 4), plot.box("id", "square")
        }) {
            String svg = chart.svg();
            assertTrue(svg.startsWith("<svg"), svg);
        }

        Drawing bars = plot.bar("id", "square").drawing();
        assertEquals(List.of("0", "1", "2"), bars.ys());
        assertEquals(10, bars.across().size());
        assertEquals(
                Arrays.asList(0.0, null, null, 9.0), bars.values().getFirst().subList(0, 4));
        Drawing lines = plot.line("id", "square", "id").drawing();
        assertEquals(List.of("0, square", "0, id", "1, square", "1, id", "2, square", "2, id"), lines.ys());
        assertEquals("0, 0", plot.box("id", "square").drawing().across().getFirst());
        assertEquals(4, plot.histogram("square", 4).drawing().across().size());
        assertEquals(
                "[UNSUPPORTED_CHART] plot(…).by(\"rest\").heatmap(…): a heat map has no groups but its two axes.",
                assertThrows(QueryException.class, () -> plot.heatmap("id", "rest", "square"))
                        .getMessage());
    }
}

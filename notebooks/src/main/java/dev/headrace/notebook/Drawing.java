package dev.headrace.notebook;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.BoxChartBuilder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.BoxStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// A chart's points, and its picture.
///
/// @param across a place per point: a label, a number, or milliseconds if `time`
/// @param down the label at the side per point of a heat map, else empty
/// @param values a list per name in `ys`, as long as `across`, null where there is no point
record Drawing(
        FrameChart.Kind kind,
        String title,
        String x,
        List<String> ys,
        List<String> across,
        List<String> down,
        List<List<@Nullable Double>> values,
        boolean time) {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final Color[] COLORS = {
        new Color(0x2A78B8), new Color(0xE08A2C), new Color(0x3C9D5B), new Color(0xC8453B), new Color(0x7E62B5),
        new Color(0x8A6048), new Color(0xD276B8), new Color(0x7A7A7A), new Color(0xB0B02C), new Color(0x2FB0BE)
    };
    private static final int MOST_MARKED = 60;

    /// Hundredths of a pixel are enough, and make half the size: texts are drawn as outlines.
    private static final Pattern DIGITS = Pattern.compile("(\\.\\d\\d)\\d+");

    String svg() {
        Chart<?, ?> chart = switch (kind) {
            case LINE, AREA, SCATTER -> lines();
            case BAR, HISTOGRAM -> bars();
            case BOX -> boxes();
            case HEAT_MAP -> field();
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String text = out.toString(StandardCharsets.UTF_8);
        // In a page of HTML the element stands alone, without the file's head.
        return DIGITS.matcher(text.substring(text.indexOf("<svg"))).replaceAll("$1");
    }

    private Chart<?, ?> lines() {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .theme(Styler.ChartTheme.Matlab)
                .build();
        style(chart.getStyler());
        chart.getStyler()
                .setDefaultSeriesRenderStyle(
                        switch (kind) {
                            case AREA -> XYSeries.XYSeriesRenderStyle.Area;
                            case SCATTER -> XYSeries.XYSeriesRenderStyle.Scatter;
                            default -> XYSeries.XYSeriesRenderStyle.Line;
                        });
        for (int i = 0; i < ys.size(); i++) {
            List<Object> places = new ArrayList<>();
            List<Double> heights = new ArrayList<>();
            for (int point = 0; point < across.size(); point++) {
                Double value = values.get(i).get(point);
                if (value != null && Double.isFinite(value)) {
                    places.add(place(across.get(point)));
                    heights.add(value);
                }
            }
            if (!places.isEmpty()) {
                XYSeries series = chart.addSeries(ys.get(i), places, heights);
                if (kind != FrameChart.Kind.SCATTER && places.size() > MOST_MARKED) {
                    series.setMarker(SeriesMarkers.NONE);
                }
            }
        }
        return chart;
    }

    private Object place(String text) {
        double number = Double.parseDouble(text);
        return time ? Date.from(Instant.ofEpochMilli(Math.round(number))) : (Object) number;
    }

    private Chart<?, ?> bars() {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .theme(Styler.ChartTheme.Matlab)
                .build();
        style(chart.getStyler());
        chart.getStyler().setXAxisLabelRotation(across.size() > 8 ? 45 : 0);
        if (kind == FrameChart.Kind.HISTOGRAM) {
            chart.getStyler().setAvailableSpaceFill(0.98);
        }
        List<String> labels = across.stream().map(this::label).toList();
        for (int i = 0; i < ys.size() && !labels.isEmpty(); i++) {
            List<Double> heights = values.get(i).stream()
                    .map(value -> value == null || !Double.isFinite(value) ? Double.valueOf(0) : value)
                    .toList();
            chart.addSeries(ys.get(i), labels, heights);
        }
        return chart;
    }

    private Chart<?, ?> boxes() {
        BoxChart chart = new BoxChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(ys.getFirst())
                .theme(Styler.ChartTheme.Matlab)
                .build();
        style(chart.getStyler());
        chart.getStyler().setBoxplotCalCulationMethod(BoxStyler.BoxplotCalCulationMethod.N_LESS_1);
        Map<String, List<Double>> groups = new LinkedHashMap<>();
        for (int point = 0; point < across.size(); point++) {
            Double value = values.getFirst().get(point);
            if (value != null && Double.isFinite(value)) {
                groups.computeIfAbsent(across.get(point), _ -> new ArrayList<>())
                        .add(value);
            }
        }
        groups.forEach(chart::addSeries);
        return chart;
    }

    private Chart<?, ?> field() {
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(ys.getFirst())
                .theme(Styler.ChartTheme.Matlab)
                .build();
        style(chart.getStyler());
        chart.getStyler().setLegendVisible(true);
        chart.getStyler().setShowValue(across.size() <= MOST_MARKED);
        chart.getStyler().setRangeColors(new Color[] {new Color(0xE8F1F8), COLORS[0]});
        List<String> columns = across.stream().distinct().toList();
        List<String> rows = down.stream().distinct().toList();
        List<Number[]> cells = new ArrayList<>();
        for (int point = 0; point < across.size(); point++) {
            Double value = values.getFirst().get(point);
            if (value != null && Double.isFinite(value)) {
                cells.add(new Number[] {columns.indexOf(across.get(point)), rows.indexOf(down.get(point)), value});
            }
        }
        chart.addSeries(ys.get(1), columns, rows, cells);
        return chart;
    }

    private String label(String text) {
        return kind == FrameChart.Kind.HISTOGRAM ? String.format(Locale.ROOT, "%.4g", Double.parseDouble(text)) : text;
    }

    private void style(AxesChartStyler styler) {
        // A dashed line would be a path of thousands of points.
        styler.setPlotGridLinesStroke(new BasicStroke(0.5f));
        styler.setPlotGridLinesColor(new Color(0xDDDDDD));
        styler.setSeriesColors(COLORS);
        styler.setLegendVisible(ys.size() > 1);
        styler.setChartTitleVisible(!title.isEmpty());
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    }
}

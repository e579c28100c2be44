package dev.headrace.notebook;

import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryProgress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.rapaio.jupyter.kernel.display.DisplayData;

/// How a streaming query fares: names and values, the state first.
///
/// @param failure why it has ended, if it has failed
record QueryCard(Map<String, String> facts, boolean active, Optional<String> failure) {
    static QueryCard of(StreamingQuery query) {
        Map<String, String> facts = new LinkedHashMap<>();
        boolean active = query.isActive();
        Optional<String> failure = query.exception().map(failed -> {
            Throwable cause = failed.getCause();
            return String.valueOf(cause == null ? failed.getMessage() : cause.getMessage());
        });
        facts.put("state", active ? "running" : failure.isPresent() ? "failed" : "stopped");
        if (query.name() != null) {
            facts.put("name", query.name());
        }
        StreamingQueryProgress last = query.lastProgress();
        if (last != null) {
            facts.put("batch", String.valueOf(last.batchId()));
            facts.put("rows", String.valueOf(last.numInputRows()));
            facts.put("rows/s", String.format(Locale.ROOT, "%.0f", last.processedRowsPerSecond()));
            facts.put("took", last.batchDuration() + " ms");
            String watermark = last.eventTime().get("watermark");
            if (watermark != null) {
                facts.put("watermark", watermark);
            }
            last.sourceList().stream()
                    .map(source -> source.metrics().get("maxOffsetsBehindLatest"))
                    .filter(lag -> lag != null)
                    .findFirst()
                    .ifPresent(lag -> facts.put("lag", lag));
        }
        return new QueryCard(facts, active, failure);
    }

    /// One line, for above a table.
    String line() {
        String color = active ? "#2a7" : failure.isPresent() ? "#c33" : "#888";
        String line = facts.entrySet().stream()
                .map(fact -> Html.escape(fact.getKey()) + " <b>" + Html.escape(fact.getValue()) + "</b>")
                .collect(Collectors.joining(" · "));
        return "<p class=\"headrace-query\"><span style=\"color:" + color + "\">●</span> " + line + "</p>"
                + failure.map(text -> "<pre style=\"color:#c33\">" + Html.escape(text) + "</pre>")
                        .orElse("");
    }

    String text() {
        String line = facts.entrySet().stream()
                .map(fact -> fact.getKey() + " " + fact.getValue())
                .collect(Collectors.joining(" | "));
        return line + failure.map(text -> "\n" + text).orElse("");
    }

    DisplayData display() {
        DisplayData data = DisplayData.fromHtml(line());
        data.putText(text());
        return data;
    }
}

package dev.headrace.json;

import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Records of JSON that are texts of a query: what schema they have, and which options `from_json` reads them with.
public final class JsonTexts {
    private final FormatOptions options;
    private final JsonOptions parsed;

    /// @param options those of reading files, but for such that are about files
    /// @param zone of timestamps that don't say
    /// @throws QueryException `UNKNOWN_OPTION`, `INVALID_OPTION`
    public JsonTexts(Map<String, String> options, ZoneId zone) {
        this.options = new FormatOptions("read().json(texts)", options);
        List<String> known = new ArrayList<>(JsonOptions.inferenceOptions());
        known.addAll(List.of("samplingRatio", "multiLine"));
        this.options.checkKnown(known);
        this.parsed = JsonOptions.of(this.options, zone);
    }

    public ParseMode mode() {
        return parsed.mode();
    }

    /// The columns that texts have; none if no text has a field.
    ///
    /// @throws DataException `MALFORMED_RECORD` in `FAILFAST` mode
    public StructType infer(Iterator<String> texts) {
        SchemaInference inference = new SchemaInference(options, parsed, false);
        double ratio = options.ratio("samplingRatio", 1);
        SplittableRandom random = new SplittableRandom(1);
        while (texts.hasNext()) {
            String text = texts.next();
            if (ratio < 1 && random.nextDouble() >= ratio) {
                continue;
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (!inference.addRows(SchemaInference.padded(bytes), 0, bytes.length)
                    && parsed.mode() == ParseMode.FAILFAST) {
                throw new DataException(
                        "MALFORMED_RECORD",
                        "read().json(texts): '" + text
                                + "' is no JSON object. Correct it, or choose the mode PERMISSIVE or"
                                + " DROPMALFORMED.");
            }
        }
        return JsonConnector.schema(inference, parsed);
    }

    /// The options of `from_json`.
    public Map<String, String> parserOptions() {
        Map<String, String> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        JsonOptions.PARSER_OPTIONS.forEach(name -> options.get(name).ifPresent(value -> known.put(name, value)));
        return known;
    }
}

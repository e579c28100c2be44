package dev.headrace.xml;

import dev.headrace.errors.DataException;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Records of XML that are texts of a query: what schema they have, and which options `from_xml` reads them with.
public final class XmlTexts {
    private final FormatOptions options;
    private final XmlOptions parsed;

    /// @param options those of reading files, but for such that are about files
    /// @param zone of timestamps that don't say
    /// @throws dev.headrace.errors.QueryException `UNKNOWN_OPTION`, `INVALID_OPTION`
    public XmlTexts(Map<String, String> options, ZoneId zone) {
        this.options = new FormatOptions("read().xml(texts)", options);
        List<String> known = new ArrayList<>(XmlOptions.inferenceOptions());
        known.add("samplingRatio");
        this.options.checkKnown(known);
        this.parsed = XmlOptions.of(this.options, zone);
    }

    public ParseMode mode() {
        return parsed.mode();
    }

    /// The columns that texts have; none if no text has a field.
    ///
    /// @throws DataException `MALFORMED_RECORD` in `FAILFAST` mode
    public StructType infer(Iterator<String> texts) {
        SchemaInference inference = new SchemaInference(options, parsed);
        double ratio = options.ratio("samplingRatio", 1);
        SplittableRandom random = new SplittableRandom(1);
        while (texts.hasNext()) {
            String text = texts.next();
            boolean taken = ratio == 1 || random.nextDouble() < ratio;
            if (taken && !inference.add(text) && parsed.mode() == ParseMode.FAILFAST) {
                throw new DataException(
                        "MALFORMED_RECORD",
                        "read().xml(texts): '" + text + "' is not XML: " + inference.problem()
                                + ". Correct it, or choose the mode PERMISSIVE or DROPMALFORMED.");
            }
        }
        return inference.schema();
    }

    /// The options of `from_xml`.
    public Map<String, String> parserOptions() {
        Map<String, String> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        XmlOptions.PARSER_OPTIONS.forEach(name -> options.get(name).ifPresent(value -> known.put(name, value)));
        return known;
    }
}

package dev.headrace.json;

import dev.headrace.connector.PayloadColumn;
import dev.headrace.connector.PayloadDecoder;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// What a call of `from_json` that gives structs says.
///
/// @param options keys in any case
public record JsonPayloads(StructType schema, Map<String, String> options) implements PayloadDecoder {
    public JsonPayloads {
        options = Map.copyOf(options);
    }

    @Override
    public String format() {
        return "json";
    }

    @Override
    public boolean mayFail() {
        return option(JsonOptions.MODE)
                .filter(ParseMode.FAILFAST.name()::equalsIgnoreCase)
                .isPresent();
    }

    /// A field that is not read can't fail, does not count as corrupt, and would be one that the schema has not.
    @Override
    public Optional<PayloadDecoder> reading(StructType fields) {
        String corrupt = option(JsonOptions.CORRUPT_RECORD).orElse(JsonOptions.DEFAULT_CORRUPT_RECORD);
        boolean rescues =
                option(JsonOptions.RESCUED).filter(name -> !name.isEmpty()).isPresent();
        boolean whole = mayFail() || rescues || fields.names().contains(corrupt);
        return whole ? Optional.empty() : Optional.of(new JsonPayloads(fields, options));
    }

    @Override
    public PayloadColumn open(ZoneId zone, BufferAllocator allocator) {
        return new JsonDecoder(schema, options, zone, allocator);
    }

    private Optional<String> option(String key) {
        return options.entrySet().stream()
                .filter(option -> option.getKey().equalsIgnoreCase(key))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}

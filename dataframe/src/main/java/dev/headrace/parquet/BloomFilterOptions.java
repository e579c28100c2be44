package dev.headrace.parquet;

import dev.headrace.connector.ConnectorOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// Which columns of a file get bloom filters.
///
/// @param chances by the column's name with dots: how often its filter may take a value for one that is there
/// @param maxBytes how large a filter may get for a row group
public record BloomFilterOptions(Map<String, Double> chances, int maxBytes) {
    static final String ENABLED = "parquet.bloom.filter.enabled";
    static final String CHANCE = "parquet.bloom.filter.fpp";
    static final String DISTINCT = "parquet.bloom.filter.expected.ndv";
    static final String MAX_BYTES = "parquet.bloom.filter.max.bytes";

    /// Options that hold for one column behind `#`.
    private static final List<String> OF_COLUMNS = List.of(ENABLED, CHANCE, DISTINCT);

    static final BloomFilterOptions NONE = new BloomFilterOptions(Map.of(), 1 << 20);

    public BloomFilterOptions {
        chances = Map.copyOf(chances);
    }

    /// The options of a write that are about one column, and so have names that no list can have.
    static List<String> names(ConnectorOptions options) {
        return options.options().keySet().stream()
                .filter(key -> OF_COLUMNS.stream().anyMatch(base -> isOf(base, key)))
                .toList();
    }

    private static boolean isOf(String base, String key) {
        return key.toLowerCase(Locale.ROOT).startsWith(base + "#");
    }

    /// @throws dev.headrace.errors.QueryException `INVALID_OPTION`
    static BloomFilterOptions of(ConnectorOptions options, MessageType schema) {
        Map<String, PrimitiveTypeName> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (ColumnDescriptor column : schema.getColumns()) {
            columns.put(
                    String.join(".", column.getPath()),
                    column.getPrimitiveType().getPrimitiveTypeName());
        }
        for (String key : names(options)) {
            String column = key.substring(key.indexOf('#') + 1);
            if (!columns.containsKey(column)) {
                throw options.invalid(key, "one of the columns behind '#': " + String.join(", ", columns.keySet()));
            }
        }
        boolean all = options.flag(ENABLED, false);
        Map<String, Double> chances = new LinkedHashMap<>();
        columns.forEach((column, type) -> {
            if (options.flag(ENABLED + "#" + column, all) && type != PrimitiveTypeName.BOOLEAN) {
                String own = CHANCE + "#" + column;
                chances.put(column, chance(options, options.options().containsKey(own) ? own : CHANCE));
            }
        });
        long maxBytes = options.number(MAX_BYTES).orElse((long) NONE.maxBytes());
        if (maxBytes < 32 || maxBytes > 128 << 20) {
            throw options.invalid(MAX_BYTES, "a number of bytes from 32 to 134217728");
        }
        // A filter is as large as a power of two, for all that read it.
        return new BloomFilterOptions(chances, Integer.highestOneBit((int) maxBytes));
    }

    private static double chance(ConnectorOptions options, String key) {
        try {
            double chance = Double.parseDouble(options.get(key, "0.01"));
            if (chance > 0 && chance < 1) {
                return chance;
            }
        } catch (NumberFormatException noNumber) {
            // Said below.
        }
        throw options.invalid(key, "a number between 0 and 1");
    }
}

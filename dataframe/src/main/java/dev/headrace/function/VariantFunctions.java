package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.variant.Variant;
import dev.headrace.variant.VariantJson;
import dev.headrace.variant.VariantKind;
import dev.headrace.variant.VariantSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Functions of variants that bound calls invoke.
public final class VariantFunctions {
    private static final int SHOWN = 100;

    private VariantFunctions() {}

    public static Slice parseJson(Slice json) {
        String text = json.toString();
        return VariantJson.parse(text)
                .orElseThrow(() -> new DataException(
                        "MALFORMED_RECORD_IN_PARSING",
                        "parse_json: '" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text)
                                + "' is not JSON. Use try_parse_json to get NULL instead."));
    }

    public static @Nullable Slice tryParseJson(Slice json) {
        try {
            return VariantJson.parse(json.toString()).orElse(null);
        } catch (DataException noVariant) {
            return null;
        }
    }

    public static boolean isNull(@Nullable Slice variant) {
        return variant != null && Variant.of(variant).kind() == VariantKind.NULL;
    }

    public static Slice schemaOf(Slice variant) {
        return Slice.utf8(VariantSchema.text(VariantSchema.of(Variant.of(variant))));
    }

    /// The parts of an object or array: position, name (null in an array) and value; null of other variants.
    public static @Nullable List<@Nullable Object> entries(Slice cell) {
        Variant variant = Variant.of(cell);
        boolean object = variant.kind() == VariantKind.OBJECT;
        if (!object && variant.kind() != VariantKind.ARRAY) {
            return null;
        }
        List<@Nullable Object> entries = new ArrayList<>();
        variant.forEachPart((part, i) -> {
            List<@Nullable Object> entry = new ArrayList<>();
            entry.add(i);
            entry.add(object ? Slice.utf8(variant.name(i)) : null);
            entry.add(part.toCell());
            entries.add(entry);
        });
        return entries;
    }
}

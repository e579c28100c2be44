package dev.headrace;

import static dev.headrace.functions.lit;
import static dev.headrace.functions.pmod;
import static dev.headrace.functions.xxhash64;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Chooses rows by the hash of their values: the same ones at each run over the same data. Equal rows go together.
final class Sampling {
    private static final long STEPS = 1L << 40;

    private Sampling() {}

    static DataFrame between(DataFrame frame, long seed, double from, double to) {
        List<Column> hashed = new ArrayList<>();
        for (int i = 0; i < frame.schema().size(); i++) {
            Column column = frame.columnAt(i);
            DataType type = frame.schema().field(i).dataType();
            if (type instanceof VariantType) {
                hashed.add(column.cast("string"));
            } else if (hasHash(type)) {
                hashed.add(column);
            }
        }
        Column hash = xxhash64(hashed.toArray(Column[]::new));
        Column place = pmod(xxhash64(hash, lit(seed)), lit(STEPS));
        return frame.filter(place.geq(Math.round(from * STEPS)).and(place.lt(Math.round(to * STEPS))));
    }

    /// Maps, variants and long decimals within other values have no hash.
    private static boolean hasHash(DataType type) {
        return switch (type) {
            case MapType _, VariantType _ -> false;
            case ArrayType(DataType element, boolean _) -> hasHashWithin(element);
            case StructType struct -> struct.fieldList().stream().allMatch(field -> hasHashWithin(field.dataType()));
            case DataType _ -> true;
        };
    }

    private static boolean hasHashWithin(DataType type) {
        return hasHash(type) && !(type instanceof DecimalType(int precision, int _) && precision > 18);
    }

    static List<DataFrame> split(DataFrame frame, double[] weights, long seed) {
        double total = Arrays.stream(weights).sum();
        if (Arrays.stream(weights).anyMatch(weight -> weight < 0) || !(total > 0) || Double.isInfinite(total)) {
            throw new QueryException(
                    "INVALID_WEIGHTS",
                    "randomSplit(" + Arrays.toString(weights)
                            + "): weights are numbers that are not negative, and one must not be 0.");
        }
        List<DataFrame> parts = new ArrayList<>();
        double from = 0;
        for (int i = 0; i < weights.length; i++) {
            double to = i == weights.length - 1 ? 1 : from + weights[i] / total;
            parts.add(between(frame, seed, from, to));
            from = to;
        }
        return parts;
    }
}

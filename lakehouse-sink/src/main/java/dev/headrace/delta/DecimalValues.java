package dev.headrace.delta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.headrace.types.DecimalType;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Decimals out of JSON, where they are numbers or texts.
final class DecimalValues {
    private DecimalValues() {}

    /// @return null if the value is none, or has more digits than the type
    static @Nullable BigDecimal of(JsonNode value, DecimalType type) {
        try {
            BigDecimal exact = value.isNumber() ? value.decimalValue() : new BigDecimal(value.asText());
            BigDecimal scaled = exact.setScale(type.scale());
            return scaled.precision() <= type.precision() ? scaled : null;
        } catch (ArithmeticException | NumberFormatException doesNotFit) {
            return null;
        }
    }
}

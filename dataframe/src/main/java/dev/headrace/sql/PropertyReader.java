package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionPropertyContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionPropertyListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionPropertyWithKeyAndEqualsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionPropertyWithKeyNoEqualsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PropertyContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PropertyKeyContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PropertyKeyOrStringLitContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PropertyKeyOrStringLitNoCoalesceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PropertyListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PropertyValueContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PropertyWithKeyAndEqualsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PropertyWithKeyNoEqualsContext;
import org.jspecify.annotations.Nullable;

/// Reads `OPTIONS (key 'value', …)`.
final class PropertyReader {
    private final Reading reading;

    PropertyReader(Reading reading) {
        this.reading = reading;
    }

    Map<String, String> properties(@Nullable PropertyListContext context) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (context != null) {
            for (PropertyContext property : context.property()) {
                switch (property) {
                    case PropertyWithKeyAndEqualsContext pair ->
                        put(properties, pair, key(pair.key), value(pair.value));
                    case PropertyWithKeyNoEqualsContext pair -> put(properties, pair, key(pair.key), value(pair.value));
                    default -> throw reading.text().unsupported("This option is not supported.", property);
                }
            }
        }
        return properties;
    }

    /// The keys of a list that gives no values.
    List<String> keys(PropertyListContext context) {
        List<String> keys = new ArrayList<>();
        for (PropertyContext property : context.property()) {
            switch (property) {
                case PropertyWithKeyNoEqualsContext pair when pair.value == null -> keys.add(key(pair.key));
                default -> throw reading.text().unsupported("Only keys are expected here, without values.", property);
            }
        }
        return keys;
    }

    Map<String, String> properties(@Nullable ExpressionPropertyListContext context) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (context != null) {
            for (ExpressionPropertyContext property : context.expressionProperty()) {
                switch (property) {
                    case ExpressionPropertyWithKeyAndEqualsContext pair ->
                        put(properties, pair, key(pair.key), value(pair.value));
                    case ExpressionPropertyWithKeyNoEqualsContext pair ->
                        put(properties, pair, key(pair.key), value(pair.value));
                    default -> throw reading.text().unsupported("This option is not supported.", property);
                }
            }
        }
        return properties;
    }

    private void put(Map<String, String> properties, ParserRuleContext at, String key, @Nullable String value) {
        if (value == null) {
            throw reading.text().error("MISSING_OPTION_VALUE", "The option '" + key + "' has no value.", at);
        }
        properties.put(key, value);
    }

    String key(PropertyKeyOrStringLitContext context) {
        return context.propertyKey() != null
                ? key(context.propertyKey())
                : reading.literals().string(context.stringLit());
    }

    private String key(PropertyKeyOrStringLitNoCoalesceContext context) {
        return context.propertyKey() != null
                ? key(context.propertyKey())
                : LiteralReader.unquoted(context.singleStringLit().getText());
    }

    private String key(PropertyKeyContext context) {
        return context.errorCapturingIdentifier().stream()
                .map(reading.names()::of)
                .collect(Collectors.joining("."));
    }

    private @Nullable String value(@Nullable PropertyValueContext context) {
        if (context == null) {
            return null;
        }
        return context.stringLit() != null ? reading.literals().string(context.stringLit()) : context.getText();
    }

    private @Nullable String value(@Nullable ExpressionContext context) {
        if (context == null) {
            return null;
        }
        if (reading.expressions().expression(context) instanceof NamedExpr.Literal(Scalar value)) {
            return value.toString();
        }
        throw reading.text().unsupported("The value of an option must be a constant.", context);
    }
}

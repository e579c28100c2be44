package dev.headrace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// What `DESCRIBE … AS JSON` says of tables, with Spark's names.
final class TableJson {
    private TableJson() {}

    static String write(Map<String, Object> facts) {
        try {
            return new ObjectMapper().writeValueAsString(facts);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static List<Map<String, Object>> columns(StructType schema) {
        return StreamSupport.stream(schema.spliterator(), false)
                .map(TableJson::column)
                .toList();
    }

    private static Map<String, Object> column(StructField field) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", field.name());
        facts.put("type", type(field.dataType()));
        facts.put("nullable", field.nullable());
        Map<String, ?> said = field.metadata().entries();
        if (said.get(TableStatement.COMMENT) instanceof String comment) {
            facts.put("comment", comment);
        }
        if (said.get(TableStatement.DEFAULT) instanceof String expression) {
            facts.put("default", expression);
        }
        return facts;
    }

    private static Map<String, Object> type(DataType type) {
        Map<String, Object> facts = new LinkedHashMap<>();
        switch (type) {
            case StructType struct -> {
                facts.put("name", "struct");
                facts.put("fields", columns(struct));
            }
            case ArrayType(DataType element, boolean containsNull) -> {
                facts.put("name", "array");
                facts.put("element_type", type(element));
                facts.put("element_nullable", containsNull);
            }
            case MapType(DataType key, DataType value, boolean valueContainsNull) -> {
                facts.put("name", "map");
                facts.put("key_type", type(key));
                facts.put("value_type", type(value));
                facts.put("value_nullable", valueContainsNull);
            }
            case DecimalType(int precision, int scale) -> {
                facts.put("name", "decimal");
                facts.put("precision", precision);
                facts.put("scale", scale);
            }
            case AnsiIntervalType interval -> {
                facts.put("name", "interval");
                facts.put("start_unit", interval.fieldName(interval.startField()));
                facts.put("end_unit", interval.fieldName(interval.endField()));
            }
            case StringType _ -> {
                facts.put("name", "string");
                facts.put("collation", "UTF8_BINARY");
            }
            case TimestampType _ -> facts.put("name", "timestamp_ltz");
            case DataType other -> facts.put("name", other.simpleString());
        }
        return facts;
    }
}

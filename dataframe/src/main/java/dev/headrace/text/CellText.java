package dev.headrace.text;

import dev.headrace.chunk.Slice;
import dev.headrace.function.Casts;
import dev.headrace.function.EvalContext;
import dev.headrace.plan.CastFailure;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One value as `show` prints it: as a cast to string gives it, but `NULL` for null, and `[61 62]` for a binary.
public final class CellText {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();

    private final EvalContext context;

    /// @param zone the session time zone, in which timestamps are shown
    public CellText(ZoneId zone) {
        this.context = new EvalContext(zone, 0, 0);
    }

    /// @param cell as [dev.headrace.chunk.Cell] describes
    public String of(@Nullable Object cell, DataType type) {
        if (cell == null) {
            return "NULL";
        }
        return switch (type) {
            case StringType _ -> cell.toString();
            case BinaryType _ -> "[" + HEX.formatHex(((Slice) cell).bytes()) + "]";
            case ArrayType(DataType element, boolean _) -> list((List<?>) cell, element);
            case MapType map -> map((Map<?, ?>) cell, map);
            case StructType struct -> struct((List<?>) cell, struct);
            default -> String.valueOf(Casts.cast(cell, type, DataTypes.StringType, CastFailure.ERROR, context));
        };
    }

    private String list(List<?> cells, DataType element) {
        StringBuilder out = new StringBuilder("[");
        for (Object cell : cells) {
            out.append(out.length() == 1 ? "" : ", ").append(of(cell, element));
        }
        return out.append("]").toString();
    }

    private String map(Map<?, ?> cells, MapType type) {
        StringBuilder out = new StringBuilder("{");
        cells.forEach((key, value) -> out.append(out.length() == 1 ? "" : ", ")
                .append(of(key, type.keyType()))
                .append(" -> ")
                .append(of(value, type.valueType())));
        return out.append("}").toString();
    }

    private String struct(List<?> cells, StructType type) {
        StringBuilder out = new StringBuilder("{");
        Iterator<?> values = cells.iterator();
        type.forEach(field -> out.append(out.length() == 1 ? "" : ", ").append(of(values.next(), field.dataType())));
        return out.append("}").toString();
    }
}

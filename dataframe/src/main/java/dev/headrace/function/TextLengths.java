package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DeclaredText;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What becomes of the texts of columns that are `char(n)` or `varchar(n)`, as Spark has it.
///
/// | | `char(n)` | `varchar(n)` |
/// | --- | --- | --- |
/// | read | padded with blanks | as they are |
/// | written to files | padded; longer ones lose blanks at the end that are too many, others are refused | longer ones likewise |
/// | written to tables that keep versions | longer ones are refused | longer ones are refused |
public final class TextLengths {
    private TextLengths() {}

    /// A value that was read from a table, as the column's type says.
    public static BoundExpr read(BoundExpr value, DeclaredText declared) {
        return switch (declared) {
            case DeclaredText.None _, DeclaredText.Varchar _ -> value;
            case DeclaredText.Char(int length) -> padded(value, length);
            case DeclaredText _ ->
                function("read", value.type(), new Reading(declared, value.type()))
                        .bind(List.of(value));
        };
    }

    /// A text with blanks at its end, if it is shorter.
    public static BoundExpr padded(BoundExpr text, int length) {
        if (text instanceof BoundExpr.Literal(Scalar constant) && constant.value() instanceof Slice slice) {
            return new BoundExpr.Literal(new Scalar(padded(slice, length), DataTypes.StringType));
        }
        return ScalarBinder.strict(
                "padded", "TextLengths.padded", DataTypes.StringType, text, new BoundExpr.Literal(Scalar.of(length)));
    }

    public static Slice padded(Slice text, int length) {
        return Utf8.count(text) >= length ? text : StringFunctions.rpad(text, length);
    }

    /// Gives a column's values as files hold them.
    ///
    /// Its calls throw [DataException] `EXCEED_LIMIT_LENGTH` for texts that are too long.
    public static Optional<UserFunction> written(StructField column) {
        DeclaredText declared = DeclaredText.of(column);
        return declared.equals(DeclaredText.NONE)
                ? Optional.empty()
                : Optional.of(function("written", column.dataType(), new Writing(column, declared, true)));
    }

    /// Gives a column's values as they are, or throws as [#written].
    public static Optional<UserFunction> checked(StructField column) {
        DeclaredText declared = DeclaredText.of(column);
        return declared.equals(DeclaredText.NONE)
                ? Optional.empty()
                : Optional.of(function("checked", column.dataType(), new Writing(column, declared, false)));
    }

    private static UserFunction function(String name, DataType type, UserFunction.Code code) {
        return new UserFunction(name, 1, type, true, true, (_, _) -> code);
    }

    /// What becomes of each text.
    private interface Texts {
        Slice text(Slice text, DeclaredText declared);

        default @Nullable Object within(@Nullable Object value, DeclaredText declared, DataType type) {
            if (value == null) {
                return null;
            }
            return switch (declared) {
                case DeclaredText.None _ -> value;
                case DeclaredText.Char _, DeclaredText.Varchar _ ->
                    value instanceof Slice text ? text(text, declared) : value;
                case DeclaredText.Elements(DeclaredText element)
                        when type instanceof ArrayType(DataType of, boolean _) -> {
                    List<@Nullable Object> all = new ArrayList<>();
                    ((List<?>) value).forEach(item -> all.add(within(item, element, of)));
                    yield all;
                }
                case DeclaredText.Entries(DeclaredText key, DeclaredText of) when type instanceof MapType map -> {
                    Map<Object, @Nullable Object> all = new LinkedHashMap<>();
                    ((Map<?, ?>) value)
                            .forEach((k, v) -> all.put(
                                    java.util.Objects.requireNonNull(within(k, key, map.keyType())),
                                    within(v, of, map.valueType())));
                    yield all;
                }
                case DeclaredText.Fields fields when type instanceof StructType struct -> {
                    List<@Nullable Object> all = new ArrayList<>();
                    for (int i = 0; i < struct.size(); i++) {
                        StructField field = struct.field(i);
                        all.add(within(((List<?>) value).get(i), fields.of(field), field.dataType()));
                    }
                    yield all;
                }
                case DeclaredText.Elements _, DeclaredText.Entries _, DeclaredText.Fields _ -> value;
            };
        }
    }

    private record Reading(DeclaredText declared, DataType type) implements UserFunction.Code, Texts {
        @Override
        public @Nullable Object call(List<?> arguments) {
            return within(arguments.getFirst(), declared, type);
        }

        @Override
        public Slice text(Slice text, DeclaredText as) {
            return as instanceof DeclaredText.Char(int length) ? padded(text, length) : text;
        }
    }

    /// @param fits whether texts get the length, where they can
    private record Writing(StructField column, DeclaredText declared, boolean fits)
            implements UserFunction.Code, Texts {
        @Override
        public @Nullable Object call(List<?> arguments) {
            return within(arguments.getFirst(), declared, column.dataType());
        }

        @Override
        public Slice text(Slice text, DeclaredText as) {
            int most = as instanceof DeclaredText.Char(int length) ? length : ((DeclaredText.Varchar) as).length();
            if (Utf8.count(text) <= most) {
                return fits && as instanceof DeclaredText.Char ? padded(text, most) : text;
            }
            if (fits && Utf8.count(StringFunctions.rtrim(text)) <= most) {
                return Utf8.part(text, 0, most);
            }
            throw new DataException(
                    "EXCEED_LIMIT_LENGTH",
                    "The column '" + column.name() + "' is " + declared.text(column.dataType()) + ", but '" + text
                            + "' to write has " + Utf8.count(text) + " characters. Shorten it, as with left(…, " + most
                            + "), or give the column a longer type.");
        }
    }
}

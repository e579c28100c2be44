package dev.headrace.types;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// Where a type was declared with `char(n)` or `varchar(n)`. To expressions these are strings; what was declared stands
/// in the metadata of the table's column, as a whole type such as `array<char(3)>`: Spark and its Delta tables have it
/// there.
public sealed interface DeclaredText {
    /// The metadata's key.
    String NOTED = "__CHAR_VARCHAR_TYPE_STRING";

    /// Nowhere.
    DeclaredText NONE = new None();

    /// A type that texts of any length belong to, or that has none.
    record None() implements DeclaredText {}

    /// Texts of so many characters; shorter ones end in blanks.
    record Char(int length) implements DeclaredText {}

    /// Texts of at most so many characters.
    record Varchar(int length) implements DeclaredText {}

    /// In the elements of an array.
    record Elements(DeclaredText element) implements DeclaredText {}

    /// In the keys or values of a map.
    record Entries(DeclaredText key, DeclaredText value) implements DeclaredText {}

    /// In fields of a struct, by their names.
    record Fields(Map<String, DeclaredText> byName) implements DeclaredText {
        public Fields {
            byName = Map.copyOf(byName);
        }

        public DeclaredText of(StructField field) {
            return byName.getOrDefault(field.name(), NONE);
        }
    }

    static DeclaredText elements(DeclaredText element) {
        return element.equals(NONE) ? NONE : new Elements(element);
    }

    static DeclaredText entries(DeclaredText key, DeclaredText value) {
        return key.equals(NONE) && value.equals(NONE) ? NONE : new Entries(key, value);
    }

    static DeclaredText fields(Map<String, DeclaredText> byName) {
        Map<String, DeclaredText> declared = new LinkedHashMap<>(byName);
        declared.values().removeIf(NONE::equals);
        return declared.isEmpty() ? NONE : new Fields(declared);
    }

    /// What a type in SQL declares.
    ///
    /// @throws dev.headrace.errors.QueryException if it is no type
    static DeclaredText in(String ddl) {
        return DdlParser.declared(ddl);
    }

    /// What is noted of a column.
    static DeclaredText of(StructField column) {
        return Optional.ofNullable(column.metadata().entries().get(NOTED))
                .map(noted -> in(noted.toString()))
                .orElse(NONE);
    }

    /// The length of a column of `char(n)`.
    static OptionalInt charLength(StructField column) {
        return of(column) instanceof Char(int length) ? OptionalInt.of(length) : OptionalInt.empty();
    }

    /// The column with a note of this, or without one.
    default StructField noted(StructField column) {
        Map<String, Object> facts = new LinkedHashMap<>(column.metadata().entries());
        if (equals(NONE)) {
            facts.remove(NOTED);
        } else {
            facts.put(NOTED, text(column.dataType()));
        }
        return new StructField(column.name(), column.dataType(), column.nullable(), new Metadata(facts));
    }

    /// The type as it was declared.
    static String typeOf(StructField column) {
        return of(column).text(column.dataType());
    }

    /// The type as SQL declares it.
    default String sql(DataType type) {
        return switch (this) {
            case None _ -> type.sql();
            case Char _, Varchar _ -> text(type).toUpperCase(Locale.ROOT);
            case Elements _, Entries _, Fields _ -> text(type);
        };
    }

    /// The type as it was declared, in short.
    default String text(DataType type) {
        return switch (this) {
            case None _ -> type.simpleString();
            case Char(int length) -> "char(" + length + ")";
            case Varchar(int length) -> "varchar(" + length + ")";
            case Elements(DeclaredText element)
                    when type instanceof ArrayType(DataType of, boolean _) -> "array<" + element.text(of) + ">";
            case Entries(DeclaredText key, DeclaredText value) when type instanceof MapType map ->
                "map<" + key.text(map.keyType()) + "," + value.text(map.valueType()) + ">";
            case Fields fields when type instanceof StructType struct ->
                struct.fieldList().stream()
                        .map(field -> DdlParser.quoteIfNeeded(field.name()) + ":"
                                + fields.of(field).text(field.dataType()))
                        .collect(Collectors.joining(",", "struct<", ">"));
            case Elements _, Entries _, Fields _ -> type.simpleString();
        };
    }

    /// Whether all texts that were declared so are also such as another type declares, and are read the same: `char(n)`
    /// and `varchar(n)` may become longer `varchar`s, or strings.
    default boolean mayBecome(DeclaredText other) {
        return switch (other) {
            case None _ -> true;
            case Char _ -> equals(other);
            case Varchar(int length) ->
                this instanceof Varchar(int before) && before <= length
                        || this instanceof Char(int padded) && padded <= length;
            case Elements(DeclaredText element) ->
                this instanceof Elements(DeclaredText before) && before.mayBecome(element);
            case Entries(DeclaredText key, DeclaredText value) ->
                this instanceof Entries(DeclaredText oldKey, DeclaredText oldValue)
                        && oldKey.mayBecome(key)
                        && oldValue.mayBecome(value);
            case Fields(Map<String, DeclaredText> byName) ->
                this instanceof Fields(Map<String, DeclaredText> before)
                        && byName.entrySet().stream()
                                .allMatch(field -> before.getOrDefault(field.getKey(), NONE)
                                        .mayBecome(field.getValue()));
        };
    }
}

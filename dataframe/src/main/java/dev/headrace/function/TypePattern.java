package dev.headrace.function;

import dev.headrace.types.ArrayType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a function's signature says about a parameter or a result: a type, or a type with variables in it.
///
/// Written as in SQL: `string`, `array<T>`, `map<K,V>`. `T`, `K` and `V` stand for any type, `O` for one whose values
/// can be compared, `N` for a number, `I` for an integer, `Y` and `D` for a
/// year-month and a day-time interval; one variable stands for the same type everywhere in a
/// signature. `any` is a type of its own each time.
sealed interface TypePattern {
    Set<String> VARIABLES = Set.of("T", "K", "V", "O", "N", "I", "Y", "D");

    record Exact(DataType type) implements TypePattern {}

    record Any() implements TypePattern {}

    record Variable(String name) implements TypePattern {}

    record ArrayOf(TypePattern element) implements TypePattern {}

    record MapOf(TypePattern key, TypePattern value) implements TypePattern {}

    /// Whether an implicit cast may help an argument to fit.
    enum Mode {
        EXACTLY,
        WITH_CASTS
    }

    static TypePattern parse(String text) {
        if (text.equals("any")) {
            return new Any();
        }
        if (VARIABLES.contains(text)) {
            return new Variable(text);
        }
        if (text.startsWith("array<")) {
            return new ArrayOf(parse(inner(text)));
        }
        if (text.startsWith("map<")) {
            List<String> parts = Signature.splitTop(inner(text));
            return new MapOf(parse(parts.get(0)), parse(parts.get(1)));
        }
        return new Exact(DataType.fromDDL(text));
    }

    private static String inner(String text) {
        return text.substring(text.indexOf('<') + 1, text.length() - 1);
    }

    /// Whether an argument of this type fits; notes in `types` what the variables then stand for.
    default boolean match(DataType given, Map<String, DataType> types, Mode mode) {
        return switch (this) {
            case Any _ -> true;
            case Exact(DataType type) ->
                mode == Mode.EXACTLY ? Coercion.sameType(type, given) : Coercion.accepts(type, given);
            case Variable(String name) -> bind(name, given, types, mode);
            case ArrayOf(TypePattern element) ->
                given instanceof ArrayType(DataType type, boolean _)
                        ? element.match(type, types, mode)
                        : given instanceof NullType && element.match(given, types, mode);
            case MapOf(TypePattern key, TypePattern value) ->
                given instanceof MapType map
                        ? key.match(map.keyType(), types, mode) && value.match(map.valueType(), types, mode)
                        : given instanceof NullType && key.match(given, types, mode) && value.match(given, types, mode);
        };
    }

    private static boolean bind(String name, DataType given, Map<String, DataType> types, Mode mode) {
        DataType type = given;
        if (!admits(name, given)) {
            if (mode == Mode.EXACTLY || !Set.of("N", "I").contains(name) || !(given instanceof StringType)) {
                return false;
            }
            type = name.equals("N") ? DataTypes.DoubleType : DataTypes.LongType;
        }
        DataType bound = types.get(name);
        if (bound == null) {
            types.put(name, type);
            return true;
        }
        if (mode == Mode.EXACTLY && !Coercion.sameType(bound, type)) {
            return false;
        }
        Optional<DataType> common = Coercion.commonType(bound, type);
        common.ifPresent(found -> types.put(name, found));
        return common.isPresent();
    }

    private static boolean admits(String name, DataType type) {
        return switch (name) {
            case "N" -> type instanceof NumericType || type instanceof NullType;
            case "I" -> ArithmeticBinder.isInteger(type) || type instanceof NullType;
            case "O" -> ConditionBinder.isOrdered(type);
            case "Y" -> type instanceof YearMonthIntervalType;
            case "D" -> type instanceof DayTimeIntervalType;
            case "K" -> CollectionBinder.canBeKey(type);
            default -> true;
        };
    }

    /// The type to cast an argument to, or the type of the result, once the variables are known.
    ///
    /// @param given the argument's type, which is what an `any` becomes
    default DataType resolve(DataType given, Map<String, DataType> types) {
        return switch (this) {
            case Any _ -> given;
            case Exact(DataType type) -> type;
            case Variable(String name) -> variable(name, types);
            case ArrayOf(TypePattern element) -> {
                boolean containsNull = !(given instanceof ArrayType array) || array.containsNull();
                DataType elementGiven = given instanceof ArrayType array ? array.elementType() : given;
                yield new ArrayType(element.resolve(elementGiven, types), containsNull);
            }
            case MapOf(TypePattern key, TypePattern value) -> {
                boolean containsNull = !(given instanceof MapType map) || map.valueContainsNull();
                yield new MapType(key.resolve(given, types), value.resolve(given, types), containsNull);
            }
        };
    }

    private static DataType variable(String name, Map<String, DataType> types) {
        DataType type = types.getOrDefault(name, DataTypes.NullType);
        if (!(type instanceof NullType)) {
            return type;
        }
        return switch (name) {
            case "N" -> DataTypes.DoubleType;
            case "I" -> DataTypes.LongType;
            default -> type;
        };
    }

    /// What the parameter takes, for messages.
    default String describe() {
        return switch (this) {
            case Any _ -> "any type";
            case Exact(BooleanType _) -> "boolean";
            case Exact(DataType type) -> type.simpleString();
            case Variable(String name) ->
                switch (name) {
                    case "N" -> "a number";
                    case "I" -> "an integer";
                    case "Y" -> "an interval of years and months";
                    case "D" -> "an interval of days and times";
                    case "O" -> "a type without maps, whose values can be compared";
                    default -> "any type";
                };
            case ArrayOf(Variable _) -> "an array";
            case ArrayOf(TypePattern element) -> "array<" + element.describe() + ">";
            case MapOf _ -> "a map";
        };
    }
}

package dev.headrace.function;

import dev.headrace.errors.DataException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The implicit casts: which type two types meet in, and which argument a function accepts for a parameter. The rules
/// are Spark's in ANSI mode.
public final class Coercion {
    private static final List<DataType> NUMBERS = List.of(
            DataTypes.ByteType,
            DataTypes.ShortType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.FloatType,
            DataTypes.DoubleType);

    private Coercion() {}

    /// The expression as a value of `type`: itself if it has that type, a constant if it is one and the cast needs no
    /// session time zone, else a cast.
    ///
    /// @throws dev.headrace.errors.QueryException `DATATYPE_MISMATCH` if values of its type can never be cast to `type`
    public static BoundExpr cast(BoundExpr expr, DataType type, CastFailure failure) {
        if (expr.type().equals(type)) {
            return expr;
        }
        boolean isNull = expr instanceof BoundExpr.Literal(Scalar nothing) && nothing.isNull();
        Optional<BoundExpr> ofVariant = isNull ? Optional.empty() : VariantBinder.cast(expr, type, failure);
        if (ofVariant.isPresent()) {
            return ofVariant.get();
        }
        CastRules.check(expr, type);
        if (expr instanceof BoundExpr.Literal(Scalar literal)) {
            if (literal.isNull()) {
                return new BoundExpr.Literal(new Scalar(null, type));
            }
            if (!CastRules.needsZone(expr.type(), type)) {
                return fold(expr, literal, type, failure);
            }
        }
        return new BoundExpr.Cast(expr, type, failure);
    }

    private static BoundExpr fold(BoundExpr expr, Scalar literal, DataType type, CastFailure failure) {
        try {
            return new BoundExpr.Literal(
                    new Scalar(Casts.cast(literal.value(), literal.type(), type, failure, EvalContext.NONE), type));
        } catch (DataException failsWhenEvaluated) {
            // The query fails only if a row needs the value, so the cast stays.
            return new BoundExpr.Cast(expr, type, failure);
        }
    }

    /// The type that values of both types are cast to before they are compared, or put in one column. Empty if there is
    /// none, as for a number and a date.
    public static Optional<DataType> commonType(DataType a, DataType b) {
        if (a.equals(b) || b instanceof NullType) {
            return Optional.of(a);
        }
        if (a instanceof NullType) {
            return Optional.of(b);
        }
        if (a instanceof NumericType x && b instanceof NumericType y) {
            return Optional.of(commonNumber(x, y));
        }
        if (a instanceof StringType) {
            return withString(b);
        }
        if (b instanceof StringType) {
            return withString(a);
        }
        if (a instanceof AnsiIntervalType x && b instanceof AnsiIntervalType y) {
            return commonInterval(x, y);
        }
        return commonTime(a, b).or(() -> commonNested(a, b));
    }

    /// The common type of all.
    public static Optional<DataType> commonType(List<DataType> types) {
        Optional<DataType> common = Optional.of(DataTypes.NullType);
        for (DataType type : types) {
            common = common.flatMap(soFar -> commonType(soFar, type));
        }
        return common;
    }

    private static DataType commonNumber(NumericType a, NumericType b) {
        if (a instanceof DecimalType || b instanceof DecimalType) {
            if (isFloating(a) || isFloating(b)) {
                return DataTypes.DoubleType;
            }
            return widerDecimal(DecimalType.forType(a), DecimalType.forType(b));
        }
        DataType wider = NUMBERS.get(Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b)));
        return wider instanceof FloatType ? DataTypes.DoubleType : wider;
    }

    private static boolean isFloating(DataType type) {
        return type instanceof FloatType || type instanceof DoubleType;
    }

    /// The decimal type that holds all digits of both: of more than 38, the last ones behind the point are given up.
    static DecimalType widerDecimal(DecimalType a, DecimalType b) {
        int scale = Math.max(a.scale(), b.scale());
        int integerDigits = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
        return new DecimalType(
                Math.min(integerDigits + scale, DecimalType.MAX_PRECISION),
                Math.min(scale, DecimalType.MAX_PRECISION - integerDigits));
    }

    private static Optional<DataType> withString(DataType other) {
        return switch (other) {
            case DecimalType _, FloatType _, DoubleType _ -> Optional.of(DataTypes.DoubleType);
            case NumericType _ -> Optional.of(DataTypes.LongType);
            case DataType nested when nested.isNested() -> Optional.empty();
            case AnsiIntervalType _ -> Optional.empty();
            case DataType atomic -> Optional.of(atomic);
        };
    }

    private static Optional<DataType> commonTime(DataType a, DataType b) {
        if (!isTime(a) || !isTime(b)) {
            return Optional.empty();
        }
        boolean zoned = a instanceof TimestampType || b instanceof TimestampType;
        return Optional.of(zoned ? DataTypes.TimestampType : DataTypes.TimestampNTZType);
    }

    private static Optional<DataType> commonInterval(AnsiIntervalType a, AnsiIntervalType b) {
        byte start = (byte) Math.min(a.startField(), b.startField());
        byte end = (byte) Math.max(a.endField(), b.endField());
        if (a instanceof YearMonthIntervalType && b instanceof YearMonthIntervalType) {
            return Optional.of(new YearMonthIntervalType(start, end));
        }
        return a instanceof DayTimeIntervalType && b instanceof DayTimeIntervalType
                ? Optional.of(new DayTimeIntervalType(start, end))
                : Optional.empty();
    }

    static boolean isTime(DataType type) {
        return type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType;
    }

    private static Optional<DataType> commonNested(DataType a, DataType b) {
        if (a instanceof ArrayType(DataType x, boolean xNull) && b instanceof ArrayType(DataType y, boolean yNull)) {
            return commonType(x, y).map(element -> new ArrayType(element, xNull || yNull));
        }
        if (a instanceof MapType x && b instanceof MapType y) {
            boolean containsNull = x.valueContainsNull() || y.valueContainsNull();
            return commonType(x.keyType(), y.keyType())
                    .flatMap(key -> commonType(x.valueType(), y.valueType())
                            .map(value -> new MapType(key, value, containsNull)));
        }
        if (a instanceof StructType x && b instanceof StructType y && x.size() == y.size()) {
            return commonStruct(x, y);
        }
        return Optional.empty();
    }

    private static Optional<DataType> commonStruct(StructType a, StructType b) {
        List<StructField> fields = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            StructField x = a.field(i);
            StructField y = b.field(i);
            Optional<DataType> type = commonType(x.dataType(), y.dataType());
            if (type.isEmpty() || !x.name().equalsIgnoreCase(y.name())) {
                return Optional.empty();
            }
            fields.add(new StructField(x.name(), type.get(), x.nullable() || y.nullable()));
        }
        return Optional.of(new StructType(fields));
    }

    /// A row whose fields go by their places, not by what they are called, as in `(a, b) IN ((1, 2), …)`: with the
    /// names that structs have in another type, as far as they have as many fields.
    public static BoundExpr calledAs(DataType names, BoundExpr row) {
        DataType type = renamed(row.type(), names);
        if (type.equals(row.type())) {
            return row;
        }
        return row instanceof BoundExpr.MakeStruct(List<BoundExpr> values, var _) && type instanceof StructType struct
                ? new BoundExpr.MakeStruct(calledAs(struct, values), struct)
                : cast(row, type, CastFailure.ERROR);
    }

    private static List<BoundExpr> calledAs(StructType struct, List<BoundExpr> values) {
        return IntStream.range(0, values.size())
                .mapToObj(i -> calledAs(struct.field(i).dataType(), values.get(i)))
                .toList();
    }

    /// A type whose structs, where `names` has structs of as many fields, have the names of theirs.
    private static DataType renamed(DataType type, DataType names) {
        if (type instanceof ArrayType(DataType element, boolean nulls)
                && names instanceof ArrayType(var other, var _)) {
            return new ArrayType(renamed(element, other), nulls);
        }
        if (type instanceof MapType map && names instanceof MapType other) {
            return new MapType(
                    renamed(map.keyType(), other.keyType()),
                    renamed(map.valueType(), other.valueType()),
                    map.valueContainsNull());
        }
        if (!(type instanceof StructType given)
                || !(names instanceof StructType wanted)
                || given.size() != wanted.size()) {
            return type;
        }
        List<StructField> fields = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            StructField field = given.field(i);
            StructField other = wanted.field(i);
            fields.add(new StructField(other.name(), renamed(field.dataType(), other.dataType()), field.nullable()));
        }
        return new StructType(fields);
    }

    /// Whether two types are equal but for what may be null within.
    static boolean sameType(DataType a, DataType b) {
        return switch (a) {
            case ArrayType(DataType x, boolean _) -> b instanceof ArrayType(DataType y, boolean _) && sameType(x, y);
            case MapType x ->
                b instanceof MapType y && sameType(x.keyType(), y.keyType()) && sameType(x.valueType(), y.valueType());
            case StructType x -> b instanceof StructType y && x.names().equals(y.names()) && sameFields(x, y);
            case DataType atomic -> atomic.equals(b);
        };
    }

    private static boolean sameFields(StructType a, StructType b) {
        return IntStream.range(0, a.size())
                .allMatch(i -> sameType(a.field(i).dataType(), b.field(i).dataType()));
    }

    /// Whether a function that wants `wanted` takes an argument of type `given`, which is then cast: any number for a
    /// number, a string for any atomic type, any atomic type for a string, and among date and timestamps.
    public static boolean accepts(DataType wanted, DataType given) {
        if (wanted.equals(given) || given instanceof NullType) {
            return true;
        }
        if (wanted instanceof ArrayType(DataType w, boolean _) && given instanceof ArrayType(DataType g, boolean _)) {
            return accepts(w, g);
        }
        if (wanted instanceof MapType w && given instanceof MapType g) {
            return accepts(w.keyType(), g.keyType()) && accepts(w.valueType(), g.valueType());
        }
        if (wanted instanceof StructType w && given instanceof StructType g && w.size() == g.size()) {
            return IntStream.range(0, w.size())
                    .allMatch(i -> accepts(w.field(i).dataType(), g.field(i).dataType()));
        }
        if (wanted.isNested() || given.isNested() || wanted instanceof NullType) {
            return false;
        }
        if (wanted instanceof AnsiIntervalType w && given instanceof AnsiIntervalType g) {
            return g.covers(w);
        }
        return given instanceof StringType
                || wanted instanceof StringType
                || wanted instanceof NumericType && given instanceof NumericType
                || isTime(wanted) && isTime(given);
    }
}

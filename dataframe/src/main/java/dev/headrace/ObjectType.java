package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Java type of a bean's property or a record's component: its column type, and how its objects and the values of
/// [Row] become each other.
sealed interface ObjectType {
    DataType dataType();

    /// @param value as [Row] gives it
    @Nullable Object toObject(@Nullable Object value);

    @Nullable Object toRowValue(@Nullable Object object);

    /// Whether the value may be null.
    default boolean nullable() {
        return true;
    }

    /// @throws QueryException `UNSUPPORTED_ENCODER` for types that have no column type
    static ObjectType of(Type type) {
        return of(type, List.of());
    }

    /// @param around the records and beans that this one is a part of
    private static ObjectType of(Type type, List<Class<?>> around) {
        if (type instanceof Class<?> c && around.contains(c)) {
            throw new QueryException(
                    "UNSUPPORTED_ENCODER",
                    "Objects of type " + c.getName() + " hold objects of that type, so their columns would have no end."
                            + " Give the inner ones another class, or a key in their place.");
        }
        return switch (type) {
            case Class<?> c when ATOMIC.containsKey(c) -> new Atomic(c, ATOMIC.get(c));
            case Class<?> c when c.isEnum() -> new Constant(c);
            case Class<?> c when c.isArray() -> new ArrayOf(of(c.getComponentType(), around), c.getComponentType());
            case Class<?> c when c.isRecord() -> RecordOf.of(c, with(c, around));
            case Class<?> c when !c.isInterface() && !c.isPrimitive() && !c.getName().startsWith("java.") ->
                BeanOf.of(c, with(c, around));
            case ParameterizedType p
                    when p.getRawType() == List.class -> new ListOf(of(p.getActualTypeArguments()[0], around));
            case ParameterizedType p when p.getRawType() == Map.class ->
                new MapOf(of(p.getActualTypeArguments()[0], around), of(p.getActualTypeArguments()[1], around));
            default ->
                throw new QueryException(
                        "UNSUPPORTED_ENCODER",
                        "Objects of type " + type.getTypeName() + " have no column type. Use numbers, String, Boolean,"
                                + " BigDecimal, byte[], dates and times, enums, arrays, List, Map, records and beans.");
        };
    }

    private static List<Class<?>> with(Class<?> type, List<Class<?>> around) {
        List<Class<?>> all = new ArrayList<>(around);
        all.add(type);
        return all;
    }

    Map<Class<?>, DataType> ATOMIC = Map.ofEntries(
            Map.entry(boolean.class, DataTypes.BooleanType),
            Map.entry(Boolean.class, DataTypes.BooleanType),
            Map.entry(byte.class, DataTypes.ByteType),
            Map.entry(Byte.class, DataTypes.ByteType),
            Map.entry(short.class, DataTypes.ShortType),
            Map.entry(Short.class, DataTypes.ShortType),
            Map.entry(int.class, DataTypes.IntegerType),
            Map.entry(Integer.class, DataTypes.IntegerType),
            Map.entry(long.class, DataTypes.LongType),
            Map.entry(Long.class, DataTypes.LongType),
            Map.entry(float.class, DataTypes.FloatType),
            Map.entry(Float.class, DataTypes.FloatType),
            Map.entry(double.class, DataTypes.DoubleType),
            Map.entry(Double.class, DataTypes.DoubleType),
            Map.entry(BigDecimal.class, new DecimalType(38, 18)),
            Map.entry(BigInteger.class, new DecimalType(38, 0)),
            Map.entry(String.class, DataTypes.StringType),
            Map.entry(byte[].class, DataTypes.BinaryType),
            Map.entry(Date.class, DataTypes.DateType),
            Map.entry(LocalDate.class, DataTypes.DateType),
            Map.entry(Timestamp.class, DataTypes.TimestampType),
            Map.entry(Instant.class, DataTypes.TimestampType),
            Map.entry(LocalDateTime.class, DataTypes.TimestampNTZType),
            Map.entry(Period.class, DataTypes.createYearMonthIntervalType()),
            Map.entry(Duration.class, DataTypes.createDayTimeIntervalType()));

    /// A value that a column holds as it is, but for the two families of dates and times.
    record Atomic(Class<?> type, DataType dataType) implements ObjectType {
        @Override
        public @Nullable Object toObject(@Nullable Object value) {
            if (value == null && type.isPrimitive()) {
                throw new QueryException(
                        "NULL_IN_PRIMITIVE",
                        "A null can't become a " + type.getName() + ". Use the boxed class for the property, or filter"
                                + " nulls out.");
            }
            return switch (value) {
                case Date date when type == LocalDate.class -> date.toLocalDate();
                case LocalDate date when type == Date.class -> Date.valueOf(date);
                case BigDecimal number when type == BigInteger.class -> number.toBigIntegerExact();
                case Timestamp time when type == Instant.class -> time.toInstant();
                case Instant time when type == Timestamp.class -> Timestamp.from(time);
                case null, default -> value;
            };
        }

        @Override
        public @Nullable Object toRowValue(@Nullable Object object) {
            return object;
        }

        @Override
        public boolean nullable() {
            return !type.isPrimitive();
        }
    }

    /// An enum's constant, by its name.
    record Constant(Class<?> type) implements ObjectType {
        @Override
        public DataType dataType() {
            return DataTypes.StringType;
        }

        @Override
        public @Nullable Object toObject(@Nullable Object value) {
            if (value == null) {
                return null;
            }
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(value))
                    .findFirst()
                    .orElseThrow(() -> new QueryException(
                            "INVALID_ENUM_VALUE",
                            "'" + value + "' is not one of " + Arrays.toString(type.getEnumConstants()) + " of "
                                    + type.getName() + "."));
        }

        @Override
        public @Nullable Object toRowValue(@Nullable Object object) {
            return object == null ? null : ((Enum<?>) object).name();
        }
    }

    record ListOf(ObjectType element) implements ObjectType {
        @Override
        public DataType dataType() {
            return new ArrayType(element.dataType(), element.nullable());
        }

        @Override
        public @Nullable Object toObject(@Nullable Object value) {
            return value == null ? null : each((List<?>) value, element::toObject);
        }

        @Override
        public @Nullable Object toRowValue(@Nullable Object object) {
            return object == null ? null : each((List<?>) object, element::toRowValue);
        }

        static List<@Nullable Object> each(
                List<?> values, java.util.function.Function<@Nullable Object, @Nullable Object> convert) {
            List<@Nullable Object> converted = new ArrayList<>(values.size());
            values.forEach(value -> converted.add(convert.apply(value)));
            return converted;
        }
    }

    record ArrayOf(ObjectType element, Class<?> component) implements ObjectType {
        @Override
        public DataType dataType() {
            return new ArrayType(element.dataType(), element.nullable());
        }

        @Override
        public @Nullable Object toObject(@Nullable Object value) {
            if (value == null) {
                return null;
            }
            List<?> values = (List<?>) value;
            Object array = Array.newInstance(component, values.size());
            for (int i = 0; i < values.size(); i++) {
                Array.set(array, i, element.toObject(values.get(i)));
            }
            return array;
        }

        @Override
        public @Nullable Object toRowValue(@Nullable Object object) {
            if (object == null) {
                return null;
            }
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = 0; i < Array.getLength(object); i++) {
                values.add(element.toRowValue(Array.get(object, i)));
            }
            return values;
        }
    }

    record MapOf(ObjectType key, ObjectType value) implements ObjectType {
        @Override
        public DataType dataType() {
            return new MapType(key.dataType(), value.dataType(), value.nullable());
        }

        @Override
        public @Nullable Object toObject(@Nullable Object entries) {
            return entries == null ? null : each((Map<?, ?>) entries, key::toObject, value::toObject);
        }

        @Override
        public @Nullable Object toRowValue(@Nullable Object object) {
            return object == null ? null : each((Map<?, ?>) object, key::toRowValue, value::toRowValue);
        }

        private static Map<@Nullable Object, @Nullable Object> each(
                Map<?, ?> entries,
                java.util.function.Function<@Nullable Object, @Nullable Object> ofKey,
                java.util.function.Function<@Nullable Object, @Nullable Object> ofValue) {
            Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
            entries.forEach((key, value) -> converted.put(ofKey.apply(key), ofValue.apply(value)));
            return converted;
        }
    }

    /// A property or component.
    record Member(String name, ObjectType type, Method getter) {
        StructField field() {
            return new StructField(name, type.dataType(), type.nullable());
        }

        @Nullable Object read(Object owner) {
            return type.toRowValue(invoke(() -> getter.invoke(owner)));
        }

        @Nullable Object ofRow(@Nullable Object value) {
            if (value == null && !type.nullable()) {
                throw new QueryException(
                        "NULL_IN_PRIMITIVE",
                        "'" + name + "' of " + getter.getDeclaringClass().getSimpleName() + " is "
                                + getter.getReturnType().getName()
                                + ", which a null can't become. Use the boxed class for"
                                + " the property, or filter nulls out.");
            }
            return type.toObject(value);
        }
    }

    record RecordOf(Constructor<?> constructor, List<Member> members) implements ObjectType {
        static RecordOf of(Class<?> type, List<Class<?>> around) {
            RecordComponent[] components = type.getRecordComponents();
            List<Member> members = new ArrayList<>();
            for (RecordComponent component : components) {
                Method getter = component.getAccessor();
                getter.setAccessible(true);
                members.add(new Member(component.getName(), ObjectType.of(component.getGenericType(), around), getter));
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            try {
                Constructor<?> constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
                return new RecordOf(constructor, members);
            } catch (NoSuchMethodException impossible) {
                throw new IllegalStateException(type + " has no canonical constructor", impossible);
            }
        }

        @Override
        public DataType dataType() {
            return structOf(members);
        }

        @Override
        public @Nullable Object toObject(@Nullable Object value) {
            if (value == null) {
                return null;
            }
            Row row = (Row) value;
            @Nullable Object[] arguments = new Object[members.size()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = members.get(i).ofRow(row.get(i));
            }
            return invoke(() -> constructor.newInstance(arguments));
        }

        @Override
        public @Nullable Object toRowValue(@Nullable Object object) {
            return object == null ? null : rowOf(object, members);
        }
    }

    record BeanOf(Constructor<?> constructor, List<Member> members, List<Method> setters) implements ObjectType {
        static BeanOf of(Class<?> type, List<Class<?>> around) {
            List<Member> members = new ArrayList<>();
            List<Method> setters = new ArrayList<>();
            BeanProperty.of(type).forEach((name, property) -> {
                members.add(new Member(
                        name, ObjectType.of(property.getter().getGenericReturnType(), around), property.getter()));
                setters.add(property.setter());
            });
            try {
                return new BeanOf(type.getConstructor(), members, setters);
            } catch (NoSuchMethodException missing) {
                throw new QueryException(
                        "UNSUPPORTED_ENCODER",
                        type.getName() + " has no public constructor without parameters, which a bean needs.",
                        missing);
            }
        }

        @Override
        public DataType dataType() {
            return structOf(members);
        }

        @Override
        public @Nullable Object toObject(@Nullable Object value) {
            if (value == null) {
                return null;
            }
            Row row = (Row) value;
            Object bean = java.util.Objects.requireNonNull(invoke(constructor::newInstance));
            for (int i = 0; i < setters.size(); i++) {
                Method setter = setters.get(i);
                @Nullable Object property = members.get(i).ofRow(row.get(i));
                invoke(() -> setter.invoke(bean, property));
            }
            return bean;
        }

        @Override
        public @Nullable Object toRowValue(@Nullable Object object) {
            return object == null ? null : rowOf(object, members);
        }
    }

    private static StructType structOf(List<Member> members) {
        return new StructType(members.stream().map(Member::field).toList());
    }

    private static Row rowOf(Object object, List<Member> members) {
        List<@Nullable Object> values = new ArrayList<>(members.size());
        members.forEach(member -> values.add(member.read(object)));
        return new GenericRow(values, structOf(members));
    }

    /// A reflective call.
    interface Reflection {
        @Nullable Object call() throws ReflectiveOperationException;
    }

    private static @Nullable Object invoke(Reflection reflection) {
        try {
            return reflection.call();
        } catch (InvocationTargetException failed) {
            throw new QueryException("ENCODER_FAILED", "A method of an object failed: " + failed.getCause(), failed);
        } catch (IllegalArgumentException misfit) {
            throw new QueryException(
                    "ENCODER_FAILED",
                    "A method of an object does not take a value: " + misfit.getMessage() + ".",
                    misfit);
        } catch (ReflectiveOperationException inaccessible) {
            throw new QueryException(
                    "UNSUPPORTED_ENCODER",
                    "An object's class can't be used, since it is not public or abstract: " + inaccessible.getMessage(),
                    inaccessible);
        }
    }
}

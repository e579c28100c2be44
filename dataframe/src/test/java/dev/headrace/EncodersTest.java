package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class EncodersTest {
    @AutoClose
    private final Session session = Session.builder().master("local[1]").create();

    @Test
    void joinsGivePairsOfObjects() {
        Dataset<Item> items =
                session.createDataset(List.of(new Item("pen", 1), new Item("ink", 2)), Encoders.record(Item.class));
        Dataset<Integer> counts = session.createDataset(Arrays.asList(2, 3), Encoders.INT());
        Column equal = items.col("count").equalTo(counts.col("value"));

        assertEquals(
                List.of(new Tuple2<>(new Item("ink", 2), 2)),
                items.joinWith(counts, equal).collectAsList());
        assertEquals(
                List.of(
                        "Tuple2[_1=Item[name=ink, count=2], _2=2]",
                        "Tuple2[_1=Item[name=pen, count=1], _2=null]",
                        "Tuple2[_1=null, _2=3]"),
                items.joinWith(counts, equal, "full_outer").collectAsList().stream()
                        .map(Object::toString)
                        .sorted()
                        .toList());
        assertEquals(
                List.of(new Tuple2<>(new Item("pen", 1), new Item("ink", 2))),
                items.as("a")
                        .joinWith(items.as("b"), col("a.count").lt(col("b.count")))
                        .collectAsList());
        assertEquals(
                List.of(
                        new Tuple2<>(new Item("ink", 2), new Item("ink", 2)),
                        new Tuple2<>(new Item("pen", 1), new Item("pen", 1))),
                items.joinWith(items, items.col("name").equalTo(items.col("name"))).collectAsList().stream()
                        .sorted(Comparator.comparing(pair -> pair._1().name()))
                        .toList());
        assertFails(
                "[UNSUPPORTED_JOIN_TYPE] joinWith(…): 'left_semi' gives no pairs. Use toDF().join(…), or an inner, cross,"
                        + " left, right or full join.",
                () -> items.joinWith(counts, equal, "left_semi"));
    }

    enum Status {
        OPEN,
        PAID
    }

    record Item(String name, int count) {}

    record Order(
            long id,
            Status status,
            BigDecimal amount,
            LocalDate day,
            Instant time,
            List<Item> items,
            Map<String, Integer> counts,
            Double discount) {}

    /// A bean.
    public static final class Person {
        private String name;
        private int age;
        private String[] tags;

        public Person() {}

        Person(String name, int age, String... tags) {
            this.name = name;
            this.age = age;
            this.tags = tags;
        }

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public int getAge() {
            return age;
        }

        public void setAge(int age) {
            this.age = age;
        }

        public String[] getTags() {
            return tags;
        }

        public void setTags(String[] tags) {
            this.tags = tags;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Person that
                    && Objects.equals(name, that.name)
                    && age == that.age
                    && Arrays.equals(tags, that.tags);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, age);
        }
    }

    private static final Order ORDER = new Order(
            1,
            Status.PAID,
            new BigDecimal("1.500000000000000000"),
            LocalDate.of(2026, 1, 31),
            Instant.parse("2026-01-31T10:00:00Z"),
            List.of(new Item("pen", 2)),
            Map.of("x", 1),
            null);

    @Test
    void recordsBecomeRowsAndRowsRecords() {
        Dataset<Order> orders = session.createDataset(List.of(ORDER), Encoders.record(Order.class));
        assertEquals(
                "id BIGINT NOT NULL,status STRING,amount DECIMAL(38,18),day DATE,time TIMESTAMP,"
                        + "items ARRAY<STRUCT<name: STRING, count: INT NOT NULL>>,counts MAP<STRING, INT>,discount DOUBLE",
                orders.schema().toDDL().replace("MAP<STRING,INT>", "MAP<STRING, INT>"));
        assertEquals(List.of(ORDER), orders.collectAsList());
        assertEquals(ORDER, orders.filter(col("id").equalTo(1)).first());
        assertEquals(0, orders.filter(col("id").gt(1)).count());
    }

    @Test
    void beansBecomeRowsAndRowsBeans() {
        List<Person> people = List.of(new Person("ann", 30, "x", "y"), new Person(null, 7));
        DataFrame frame = session.createDataFrame(people, Person.class);
        assertArrayEquals(new String[] {"age", "name", "tags"}, frame.columns());
        assertEquals(people, frame.as(Encoders.bean(Person.class)).collectAsList());
    }

    @Test
    void columnsAreFoundByNameAndWidened() {
        DataFrame frame = session.createDataFrame(
                List.of(RowFactory.create("pen", (short) 3, true)),
                StructType.fromDDL("name string, count smallint, other boolean"));
        assertEquals(
                List.of(new Item("pen", 3)),
                frame.as(Encoders.record(Item.class)).collectAsList());
    }

    @Test
    void singleValuesComeFromTheOnlyColumn() {
        assertEquals(
                List.of("a", "b"),
                session.createDataset(List.of("a", "b"), Encoders.STRING()).collectAsList());
        assertEquals(List.of(0L, 1L), session.range(2).as(Encoders.LONG()).collectAsList());
        List<Long> seen = new ArrayList<>();
        session.range(2).as(Encoders.LONG()).foreach(seen::add);
        assertEquals(List.of(0L, 1L), seen);
    }

    @Test
    void whatDoesNotFitIsReported() {
        assertFails(
                "[UNRESOLVED_COLUMN] 'name' is not a column of (id).",
                () -> session.range(1)
                        .select(col("id"))
                        .as(Encoders.record(Item.class))
                        .schema());
        assertFails(
                "[CANNOT_UP_CAST] as(…): the column 'value' is bigint, but the object has int, which can't hold all its"
                        + " values. Cast the column first.",
                () -> session.range(1).as(Encoders.INT()));
        assertFails(
                "[NUM_COLUMNS_MISMATCH] as(…) makes String objects of one column, but there are 2: [id: bigint, x: bigint]."
                        + " Select one first.",
                () -> session.range(1).withColumn("x", col("id")).as(Encoders.STRING()));
        assertFails(
                "[UNSUPPORTED_ENCODER] Objects of type java.lang.Thread have no column type. Use numbers, String, Boolean,"
                        + " BigDecimal, byte[], dates and times, enums, arrays, List, Map, records and beans.",
                () -> Encoders.bean(Thread.class));
    }

    @Test
    void aNullInAPrimitiveIsReported() {
        DataFrame frame = session.createDataFrame(
                List.of(RowFactory.create("pen", null)), StructType.fromDDL("name string, count int"));
        assertFails(
                "[NULL_IN_PRIMITIVE] 'count' of Item is int, which a null can't become. Use the boxed class for the property, or"
                        + " filter nulls out.",
                () -> frame.as(Encoders.record(Item.class)).collectAsList());
    }

    record Address(String street, String city) {}

    record Customer(
            String name, Address address, List<Address> others, Map<String, Address> byKind, List<Long> numbers) {}

    @Test
    void fieldsWithinStructsAreFoundByNameAndWidenedToo() {
        DataFrame frame = session.sql(
                "SELECT 'ann' AS name, named_struct('city', 'Oslo', 'STREET', 'A1', 'zip', 7) AS address,"
                        + " array(named_struct('city', 'Lima', 'street', 'B2'), NULL) AS others,"
                        + " map('work', named_struct('city', 'Rome', 'street', 'C3')) AS byKind, array(1, 2) AS numbers");
        Customer ann = new Customer(
                "ann",
                new Address("A1", "Oslo"),
                Arrays.asList(new Address("B2", "Lima"), null),
                Map.of("work", new Address("C3", "Rome")),
                List.of(1L, 2L));

        assertEquals(List.of(ann), frame.as(Encoders.record(Customer.class)).collectAsList());
        assertEquals(
                List.of("ann in Oslo"),
                frame.as(Encoders.record(Customer.class))
                        .map(
                                customer -> customer.name() + " in "
                                        + customer.address().city(),
                                Encoders.STRING())
                        .collectAsList());
        assertEquals(
                Arrays.asList((Address) null),
                session
                        .sql("SELECT 'x' AS name, CAST(NULL AS STRUCT<city: STRING, street: STRING>) AS address,"
                                + " NULL AS others, NULL AS byKind, NULL AS numbers")
                        .as(Encoders.record(Customer.class))
                        .collectAsList()
                        .stream()
                        .map(Customer::address)
                        .toList());
        assertFails(
                "[FIELD_NOT_FOUND] as(…): the object has 'address.street', but the fields of 'address' are city, stret. Did you"
                        + " mean 'stret'?",
                () -> session.sql("SELECT 'x' AS name, named_struct('city', 1, 'stret', 2) AS address, NULL AS others,"
                                + " NULL AS byKind, NULL AS numbers")
                        .as(Encoders.record(Customer.class)));
        assertFails(
                "[CANNOT_UP_CAST] as(…): the column 'numbers.element' is string, but the object has bigint, which can't hold"
                        + " all its values. Cast the column first.",
                () -> session.sql(
                                "SELECT 'x' AS name, NULL AS address, NULL AS others, NULL AS byKind, array('1') AS numbers")
                        .as(Encoders.record(Customer.class)));
    }

    @Test
    void tuplesTakeColumnsInTheirOrder() {
        DataFrame frame = session.sql("SELECT 'pen' AS name, 3 AS count, named_struct('x', 1, 'y', 'z') AS more");
        Encoder<Tuple2<String, Long>> pair = Encoders.tuple(Encoders.STRING(), Encoders.LONG());

        assertEquals(
                List.of(new Tuple2<>("pen", 3L)),
                frame.select("name", "count").as(pair).collectAsList());
        assertEquals(
                List.of(new Tuple2<>("pen", new Tuple2<>("1", "z"))),
                frame.select("name", "more")
                        .as(Encoders.tuple(Encoders.STRING(), Encoders.tuple(Encoders.STRING(), Encoders.STRING())))
                        .collectAsList());
        assertFails(
                "[NUM_COLUMNS_MISMATCH] as(…) makes tuples of 2 parts, which are taken in their order, but the DataFrame has"
                        + " 3: name, count, more. Select those that are meant first.",
                () -> frame.as(pair));
    }

    record Tree(String name, List<Tree> children) {}

    @Test
    void classesThatHoldThemselvesAreRefused() {
        assertFails(
                "[UNSUPPORTED_ENCODER] Objects of type dev.headrace.EncodersTest$Tree hold objects of that type, so their"
                        + " columns would have no end. Give the inner ones another class, or a key in their place.",
                () -> Encoders.record(Tree.class));
    }

    /// A bean with a name in capitals, and a property whose type an ancestor leaves open.
    public abstract static class Named<T> {
        private T label;

        public T getLabel() {
            return label;
        }

        public void setLabel(T label) {
            this.label = label;
        }
    }

    public static final class Link extends Named<String> {
        private String url;
        private java.math.BigInteger hits = java.math.BigInteger.TWO.pow(80);

        public String getURL() {
            return url;
        }

        public void setURL(String url) {
            this.url = url;
        }

        public java.math.BigInteger getHits() {
            return hits;
        }

        public void setHits(java.math.BigInteger hits) {
            this.hits = hits;
        }

        @Override
        public String getLabel() {
            return super.getLabel();
        }

        @Override
        public void setLabel(String label) {
            super.setLabel(label);
        }
    }

    @Test
    void propertiesOfBeansAreNamedAsJavaNamesThem() {
        Link link = new Link();
        link.setURL("https://example.org");
        link.setLabel("x");

        DataFrame frame = session.createDataFrame(List.of(link), Link.class);

        assertArrayEquals(new String[] {"URL", "hits", "label"}, frame.columns());
        assertEquals(
                "[https://example.org,1208925819614629174706176,x]",
                frame.first().toString());
        assertEquals(link.getHits(), frame.as(Encoders.bean(Link.class)).first().getHits());
    }

    /// A bean whose properties have further setters and getters.
    public static final class Overloaded {
        private int count;
        private String active = "";
        private @Nullable Integer size;

        public int getCount() {
            return count;
        }

        public void setCount(int count) {
            this.count = count;
        }

        public void setCount(String count) {
            throw new IllegalStateException(count);
        }

        public void setCount(Object count) {
            throw new IllegalStateException(String.valueOf(count));
        }

        public String getActive() {
            return active;
        }

        public boolean isActive() {
            throw new IllegalStateException(active);
        }

        public void setActive(String active) {
            this.active = active;
        }

        /// No property: it is no boolean.
        public String isSued() {
            return "no";
        }

        public void setSued(String sued) {
            throw new IllegalStateException(sued);
        }

        public @Nullable Integer getSize() {
            return size;
        }

        public void setSize(int size) {
            this.size = size;
        }
    }

    @Test
    void aPropertyHasTheSetterOfItsGettersType() {
        Overloaded bean = new Overloaded();
        bean.setCount(3);
        bean.setActive("yes");
        bean.setSize(4);

        Dataset<Overloaded> beans = session.createDataset(List.of(bean), Encoders.bean(Overloaded.class));

        assertArrayEquals(new String[] {"active", "count", "size"}, beans.toDF().columns());
        assertEquals("[yes,3,4]", beans.toDF().first().toString());
        assertEquals(3, beans.first().getCount());
        assertEquals("yes", beans.first().getActive());
        Dataset<Overloaded> unknown = session.sql("SELECT 'x' AS active, 1 AS count, CAST(NULL AS INT) AS size")
                .as(Encoders.bean(Overloaded.class));
        assertEquals(
                "ENCODER_FAILED",
                assertThrows(QueryException.class, unknown::first).code());
    }
}

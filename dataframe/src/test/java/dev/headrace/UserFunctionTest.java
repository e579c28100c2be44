package dev.headrace;

import static dev.headrace.Failures.at;
import static dev.headrace.functions.call_udf;
import static dev.headrace.functions.col;
import static dev.headrace.functions.udf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.api.java.UDF1;
import dev.headrace.api.java.UDF2;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.expressions.UserDefinedFunction;
import dev.headrace.types.DataTypes;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Functions of the program in queries.
class UserFunctionTest {
    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void close() {
        session.close();
    }

    private static final UDF1<Long, String> SHOUT = value -> value == null ? "nothing" : value + "!";

    @Test
    void aRegisteredFunctionIsKnownToSqlByItsNameWithoutCase() {
        session.udf().register("shout", SHOUT, DataTypes.StringType);

        assertEquals(
                List.of("0!", "1!", "nothing"),
                session.sql("SELECT SHOUT(id) FROM range(2) UNION ALL SELECT shout(NULL)").collectAsList().stream()
                        .map(row -> row.getString(0))
                        .sorted()
                        .toList());
        assertEquals(
                "0!",
                session.range(1).select(call_udf("shout", col("id"))).head().getString(0));
        assertEquals(true, session.catalog().functionExists("Shout"));
    }

    @Test
    void aFunctionOfASessionIsNotKnownToAnother() {
        session.udf().register("shout", SHOUT, DataTypes.StringType);

        try (Session other = Session.builder().create()) {
            assertThrows(QueryException.class, () -> other.sql("SELECT shout(1)"));
        }
    }

    @Test
    void aFunctionWithoutANameRunsOverManyRows() {
        UserDefinedFunction sum = udf((UDF2<Long, Long, Long>) (a, b) -> a + b, DataTypes.LongType);

        Row row = session.range(10_000)
                .select(sum.apply(col("id"), col("id")).as("twice"))
                .selectExpr("sum(twice)", "max(twice)")
                .head();

        assertEquals(RowFactory.create(99_990_000L, 19_998L), row);
    }

    @Test
    void structsArraysAndMapsComeAsRowsListsAndMaps() {
        session.udf()
                .register(
                        "describe_it",
                        (UDF2<Row, List<Integer>, String>) (struct, list) -> struct.getInt(0) + " " + list,
                        DataTypes.StringType);

        assertEquals(
                "7 [1, 2]",
                session.sql("SELECT describe_it(named_struct('a', 7), array(1, 2))")
                        .head()
                        .getString(0));
    }

    @Test
    void mistakesAreSaid() {
        session.udf().register("shout", SHOUT, DataTypes.StringType);
        session.udf().register("fails", (UDF1<Long, Long>) _ -> 1L / 0, DataTypes.LongType);
        session.udf().register("lies", (UDF1<Long, Object>) _ -> "text", DataTypes.LongType);

        assertEquals(
                "[WRONG_NUM_ARGS] 'shout' was called with 2 arguments. The function has 1.",
                assertThrows(QueryException.class, () -> session.sql("SELECT shout(1, 2)"))
                        .getMessage()
                        .lines()
                        .findFirst()
                        .orElseThrow());
        assertEquals(
                "[FAILED_EXECUTE_UDF] The function 'fails' of the program failed for the arguments [5]:"
                        + " java.lang.ArithmeticException: / by zero."
                        + at("SELECT fails(5L)", "fails(5L)"),
                assertThrows(
                                DataException.class,
                                () -> session.sql("SELECT fails(5L)").collectAsList())
                        .getMessage());
        assertEquals(
                "[INVALID_ROW_VALUE] The result of the function 'lies' of the program is 'text' of class java.lang.String, which is"
                        + " no bigint.",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("SELECT lies(5L)").collectAsList())
                        .getMessage());
    }

    @Test
    void whatHelpsDependsOnWhatWentWrong() {
        session.udf().register("next", (UDF1<Long, Long>) x -> x + 1, DataTypes.LongType);

        assertEquals(
                "[FAILED_EXECUTE_UDF] The function 'next' of the program failed for the arguments [1]:"
                        + " java.lang.ClassCastException: class java.lang.Integer cannot be cast to class java.lang.Long"
                        + " (java.lang.Integer and java.lang.Long are in module java.base of loader 'bootstrap'). The"
                        + " classes of the arguments are java.lang.Integer: let the function take these, or cast the"
                        + " columns."
                        + at("SELECT next(1)", "next(1)"),
                assertThrows(
                                DataException.class,
                                () -> session.sql("SELECT next(1)").collectAsList())
                        .getMessage());
        String ofNull = assertThrows(
                        DataException.class,
                        () -> session.sql("SELECT next(CAST(NULL AS BIGINT))").collectAsList())
                .getMessage();
        assertTrue(
                ofNull.contains(
                        ". A number that is null comes as null: take Integer or Long, not int or long.\n== SQL"),
                ofNull);
    }

    @Test
    void rowsAreGroupedByWhatAFunctionGives() {
        session.udf().register("decade", (UDF1<Integer, Integer>) x -> x / 10 * 10, DataTypes.IntegerType);
        session.sql("SELECT * FROM VALUES (11), (12), (25) AS t(x)").createOrReplaceTempView("ages");

        assertEquals(
                "[[10,2], [20,1]]",
                session.sql("SELECT decade(x) AS d, count(*) AS n FROM ages WHERE decade(x) > 0 GROUP BY decade(x)"
                                + " HAVING decade(x) < 90 ORDER BY decade(x)")
                        .collectAsList()
                        .toString());
    }
}

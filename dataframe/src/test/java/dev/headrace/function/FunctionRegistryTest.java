package dev.headrace.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.function.Interpreter;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionRegistryTest {
    private static final BoundExpr NAME = new BoundExpr.Column(0, "name", DataTypes.StringType, true);
    private static final BoundExpr AGE = new BoundExpr.Column(1, "age", DataTypes.IntegerType, false);
    private static final BoundExpr TS = new BoundExpr.Column(2, "ts", DataTypes.TimestampType, true);

    @Test
    void namesAreFoundInAnyCase() {
        assertEquals(
                "upper(name#0)",
                FunctionRegistry.bindScalar("UPPER", List.of(NAME)).toString());
        assertTrue(FunctionRegistry.isAggregate("Sum"));
        assertFalse(FunctionRegistry.isAggregate("upper"));
        assertFalse(FunctionRegistry.isAggregate("nosuch"));
    }

    @Test
    void anUnknownFunctionIsNamedWithTheNearestOne() {
        assertEquals("[UNRESOLVED_ROUTINE] 'uper' is not a function. Did you mean 'upper'?", message("uper", NAME));
        assertEquals("[UNRESOLVED_ROUTINE] 'frobnicate' is not a function.", message("frobnicate", NAME));
    }

    @Test
    void aWrongNumberOfArgumentsIsAnsweredWithTheSignatures() {
        assertEquals(
                "[WRONG_NUM_ARGS] 'left' was called with 1 argument. Expected: left(str string, len int) or left(str"
                        + " binary, len int).",
                message("left", NAME));
        assertEquals(
                "[WRONG_NUM_ARGS] 'regexp_extract' was called with 4 arguments. Expected: regexp_extract(str string, regex "
                        + "string) or regexp_extract(str string, regex string, idx int).",
                message("regexp_extract", NAME, NAME, AGE, AGE));
        assertEquals(
                "[WRONG_NUM_ARGS] 'greatest' was called with 1 argument. Expected: greatest(a any, b any, more any...).",
                message("greatest", AGE));
    }

    @Test
    void aWrongArgumentIsNamedWithItsTypeAndWhatIsExpected() {
        assertEquals(
                "[DATATYPE_MISMATCH] Argument 2 of 'left' is 'ts' of type timestamp: expected int.",
                message("left", NAME, TS));
        assertEquals(
                "[DATATYPE_MISMATCH] Argument 1 of 'size' is 'name' of type string: expected an array or a map.",
                message("size", NAME));
        assertEquals(
                "[DATATYPE_MISMATCH] Argument 2 of '+' is 'ts' of type timestamp: expected a number.",
                message("+", AGE, TS));
        assertEquals(
                "[DATATYPE_MISMATCH] Argument 1 of 'and' is 'age' of type int: expected boolean.",
                message("and", AGE, AGE));
        assertEquals(
                "[DATATYPE_MISMATCH] The arguments of '=' have no common type: 'age' is of type int, 'ts' is of type "
                        + "timestamp. Cast them to one type.",
                message("=", AGE, TS));
        assertEquals(
                "[DATATYPE_MISMATCH] 'ts' is of type timestamp and can't be cast to boolean.",
                assertThrows(QueryException.class, () -> Coercion.cast(TS, DataTypes.BooleanType, CastFailure.ERROR))
                        .getMessage());
    }

    @Test
    void anAggregateIsRefusedWhereAScalarIsWanted() {
        assertEquals(
                "[AGGREGATE_NOT_ALLOWED] The aggregate function 'sum' is used where each row has its own value. Use it in "
                        + "agg() or in the select list of a query with GROUP BY.",
                message("sum", AGE));
    }

    private static @Nullable String message(String function, BoundExpr... arguments) {
        return assertThrows(QueryException.class, () -> FunctionRegistry.bindScalar(function, List.of(arguments)))
                .getMessage();
    }

    @Test
    void errorsOfTheDataSayWhatToDo() {
        assertEquals(
                "[ARITHMETIC_OVERFLOW] 2147483647 + 1 is out of the range of int. Use try_add to get NULL instead, or cast "
                        + "to a wider type.",
                failure("2147483647 + 1"));
        assertEquals(
                "[DIVIDE_BY_ZERO] 1.0 / 0: division by zero. Use try_divide to get NULL instead.", failure("1 / 0"));
        assertEquals(
                "[CAST_INVALID_INPUT] 'abc' can't be cast to int: expected a whole number from -2147483648 to 2147483647. "
                        + "Use try_cast to get NULL instead.",
                failure("'abc'::int"));
        assertEquals(
                "[CAST_INVALID_INPUT] '2026-02-30' can't be cast to date: expected a date such as 2026-01-31. Use try_cast "
                        + "to get NULL instead.",
                failure("'2026-02-30'::date"));
        assertEquals(
                "[CAST_OVERFLOW] 300 can't be cast to tinyint: it is out of range. Use try_cast to get NULL instead.",
                failure("300::tinyint"));
        assertEquals(
                "[INVALID_ARRAY_INDEX] The index 3 is out of bounds: the array has 2 elements, counted from 0. Use get to "
                        + "get NULL instead.",
                failure("getitem(array(1, 2), 3)"));
        assertEquals(
                "[CANNOT_PARSE_TIMESTAMP] 'x' does not match the pattern 'yyyy'. Use try_to_timestamp to get NULL instead.",
                failure("to_timestamp('x', 'yyyy')"));
        assertEquals(
                "[INVALID_REGEXP] '(' is not a regular expression: Unclosed group near position 1.",
                failure("rlike('a', '(')"));
    }

    private static @Nullable String failure(String expression) {
        BoundExpr expr = ExpressionText.parse(expression);
        return assertThrows(DataException.class, () -> Interpreter.evaluate(expr, _ -> null, ExpressionText.context()))
                .getMessage();
    }

    /// The hook for functions whose result type depends on a constant argument, such as a schema.
    @Test
    void aBinderOfAnyPackageCanBindAFunction() {
        Signature signature =
                Signature.parse("zero (x any) int = bind dev.headrace.function.FunctionRegistryTest.zero -- Zero.");

        BoundExpr bound = ScalarBinder.bind("zero", List.of(signature), List.of(NAME));

        assertEquals(new BoundExpr.Literal(Scalar.of(0)), bound);
    }

    static BoundExpr zero(String name, List<BoundExpr> arguments) {
        return new BoundExpr.Literal(Scalar.of(arguments.size() - name.length() + 3));
    }

    @Test
    void aConstantIsCastWhenItIsBound() {
        BoundExpr compared = FunctionRegistry.bindScalar("=", List.of(AGE, literal("7")));

        assertEquals("(cast(age#1 as bigint) = 7)", compared.toString());
    }

    @Test
    void aConstantThatCannotBeCastFailsOnlyWhenItIsNeeded() {
        BoundExpr expr = ExpressionText.parse("if(true, 1, 'x'::int)");

        assertEquals(1, Interpreter.evaluate(expr, _ -> null, ExpressionText.context()));
    }

    @Test
    void aConstantWhoseCastNeedsTheTimeZoneStaysACast() {
        BoundExpr time = Coercion.cast(literal("2026-01-31 12:00:00"), DataTypes.TimestampType, CastFailure.ERROR);

        assertTrue(time instanceof BoundExpr.Cast, time::toString);
    }

    private static BoundExpr literal(String text) {
        return new BoundExpr.Literal(Scalar.of(text));
    }

    /// Spark's ANSI type coercion.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int           | bigint        | bigint",
                "tinyint       | smallint      | smallint",
                "int           | float         | double",
                "bigint        | float         | double",
                "float         | double        | double",
                "float         | float         | float",
                "int           | decimal(5,2)  | decimal(12,2)",
                "bigint        | decimal(5,2)  | decimal(22,2)",
                "decimal(10,2) | decimal(5,4)  | decimal(12,4)",
                "decimal(38,0) | decimal(38,10) | decimal(38,0)",
                "decimal(5,2)  | double        | double",
                "decimal(5,2)  | float         | double",
                "string        | int           | bigint",
                "string        | tinyint       | bigint",
                "string        | float         | double",
                "string        | decimal(5,2)  | double",
                "string        | date          | date",
                "string        | timestamp     | timestamp",
                "string        | boolean       | boolean",
                "string        | binary        | binary",
                "date          | timestamp     | timestamp",
                "date          | timestamp_ntz | timestamp_ntz",
                "timestamp     | timestamp_ntz | timestamp",
                "void          | int           | int",
                "array<int>    | array<bigint> | array<bigint>",
                "map<int,int>  | map<bigint,double> | map<bigint,double>",
                "struct<a:int> | struct<a:double> | struct<a:double>",
                "struct<a:int> | struct<b:int> | none",
                "int           | date          | none",
                "boolean       | int           | none",
                "string        | array<string> | none",
                "binary        | int           | none",
            })
    void twoTypesMeetInTheirCommonType(String a, String b, String common) {
        Optional<DataType> expected = common.equals("none") ? Optional.empty() : Optional.of(DataType.fromDDL(common));

        assertEquals(expected, Coercion.commonType(DataType.fromDDL(a), DataType.fromDDL(b)));
        assertEquals(expected, Coercion.commonType(DataType.fromDDL(b), DataType.fromDDL(a)));
    }

    @Test
    void aCommonArrayMayContainNullIfOneMay() {
        assertEquals(
                Optional.of(new ArrayType(DataTypes.IntegerType, true)),
                Coercion.commonType(
                        new ArrayType(DataTypes.IntegerType, false), new ArrayType(DataTypes.IntegerType, true)));
    }

    @Test
    void whetherAResultMayBeNullFollowsFromTheArguments() {
        assertFalse(FunctionRegistry.bindScalar("+", List.of(AGE, AGE)).nullable());
        assertFalse(FunctionRegistry.bindScalar("abs", List.of(AGE)).nullable());
        assertFalse(FunctionRegistry.bindScalar("greatest", List.of(AGE, AGE)).nullable());
        assertFalse(FunctionRegistry.bindScalar("coalesce", List.of(NAME, literal("")))
                .nullable());
        assertFalse(FunctionRegistry.bindScalar("isnan", List.of(NAME)).nullable());
        assertTrue(FunctionRegistry.bindScalar("try_add", List.of(AGE, AGE)).nullable());
        assertTrue(FunctionRegistry.bindScalar("upper", List.of(NAME)).nullable());
        assertTrue(FunctionRegistry.bindScalar("factorial", List.of(AGE)).nullable());
    }

    @Test
    void randomNumbersAreTheSameWhenABatchIsRunAgain() {
        BoundExpr rand = FunctionRegistry.bindScalar("rand", List.of(new BoundExpr.Literal(Scalar.of(7))));
        EvalContext first = ExpressionText.context();
        EvalContext again = ExpressionText.context();

        Object one = Interpreter.evaluate(rand, _ -> null, first);
        Object two = Interpreter.evaluate(rand, _ -> null, first);
        assertEquals(one, Interpreter.evaluate(rand, _ -> null, again));
        assertEquals(two, Interpreter.evaluate(rand, _ -> null, again));
        assertFalse(java.util.Objects.equals(one, two));
        assertFalse(rand.deterministic());
    }

    @Test
    void everyMethodOfTheTableExistsAndTakesWhatItsSignatureSays() {
        FunctionTable.lines()
                .map(Signature::parse)
                .filter(signature -> signature.kind() == Signature.Kind.METHOD)
                .forEach(signature -> ScalarBinder.method(
                        signature.target(),
                        signature.parameters().stream()
                                .map(parameter -> TypePattern.parse(parameter.type()))
                                .map(pattern -> pattern.resolve(DataTypes.NullType, java.util.Map.of()))
                                .toList()));
    }

    @Test
    void decimalResultsHaveSparksDigits() {
        DecimalType a = new DecimalType(10, 2);
        DecimalType b = new DecimalType(7, 4);
        assertEquals(new DecimalType(13, 4), type("+", a, b));
        assertEquals(new DecimalType(18, 6), type("*", a, b));
        assertEquals(new DecimalType(22, 10), type("/", a, b));
        assertEquals(new DecimalType(7, 4), type("%", a, b));
        assertEquals(DataTypes.LongType, type("div", a, b));
        assertEquals(new DecimalType(38, 6), type("*", new DecimalType(38, 10), new DecimalType(38, 10)));
    }

    private static DataType type(String operator, DataType a, DataType b) {
        return FunctionRegistry.bindScalar(
                        operator, List.of(new BoundExpr.Column(0, "a", a, true), new BoundExpr.Column(1, "b", b, true)))
                .type();
    }

    @Test
    void codesAreStable() {
        HeadraceException error =
                assertThrows(HeadraceException.class, () -> FunctionRegistry.bindScalar("nosuch", List.of()));

        assertEquals("UNRESOLVED_ROUTINE", error.code());
    }
}

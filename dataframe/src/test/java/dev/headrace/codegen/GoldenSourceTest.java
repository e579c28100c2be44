package dev.headrace.codegen;

import static dev.headrace.codegen.Exprs.arithmetic;
import static dev.headrace.codegen.Exprs.cast;
import static dev.headrace.codegen.Exprs.column;
import static dev.headrace.codegen.Exprs.compare;
import static dev.headrace.codegen.Exprs.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.function.TimeWindow;
import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The generated source of a few programs, as `explain("codegen")` shows it. After a change that is meant, write the
/// files anew with `-Dheadrace.golden.refresh`, and read the difference.
class GoldenSourceTest {
    private static final Path FOLDER = Path.of("src/test/resources/codegen");
    private static final StructType SCHEMA = new StructType()
            .add("id", "int")
            .add("price", "double")
            .add("name", "string")
            .add("time", "timestamp")
            .add("payload", new StructType().add("user", "string").add("amount", "decimal(10,2)"));

    @Test
    void filterAndArithmetic() throws IOException {
        BoundExpr some = compare(CompareOp.LESS, column(SCHEMA, 0), constant(100));
        BoundExpr dear = compare(CompareOp.GREATER, column(SCHEMA, 1), constant(9.5));
        check(
                "filter-and-arithmetic",
                new BoundExpr.And(some, dear),
                column(SCHEMA, 2),
                arithmetic(ArithmeticOp.MULTIPLY, column(SCHEMA, 1), constant(1.19)));
    }

    @Test
    void comparisonOfText() throws IOException {
        check("comparison-of-text", compare(CompareOp.EQUAL, column(SCHEMA, 2), constant("ann")), column(SCHEMA, 0));
    }

    @Test
    void windowStruct() throws IOException {
        check("window-struct", null, TimeWindow.tumbling(column(SCHEMA, 3), 60_000_000, 0), column(SCHEMA, 1));
    }

    @Test
    void choiceAndFieldOfAStruct() throws IOException {
        BoundExpr payload = column(SCHEMA, 4);
        BoundExpr user = new BoundExpr.GetField(payload, 0);
        BoundExpr amount = new BoundExpr.GetField(payload, 1);
        BoundExpr choice = new BoundExpr.Case(
                List.of(new BoundExpr.Case.Branch(
                        new BoundExpr.IsNull(user), cast(column(SCHEMA, 0), DataTypes.StringType))),
                Optional.of(new BoundExpr.Coalesce(List.of(user, cast(amount, DataTypes.StringType)))),
                DataTypes.StringType);
        check("choice-and-field", null, choice, amount);
    }

    @Test
    void castThatFilterAndProjectionShare() throws IOException {
        BoundExpr number = cast(column(SCHEMA, 2), DataTypes.LongType);
        check("shared-cast", compare(CompareOp.GREATER, number, constant(10L)), number);
    }

    private static void check(String name, @Nullable BoundExpr predicate, BoundExpr... outputs) throws IOException {
        String source = GeneratedSource.of(ComputePlan.of(Optional.ofNullable(predicate), List.of(outputs)))
                .text();
        Path golden = FOLDER.resolve(name + ".txt");
        if (Boolean.getBoolean("headrace.golden.refresh") || "".equals(System.getProperty("headrace.golden.refresh"))) {
            Files.createDirectories(FOLDER);
            Files.writeString(golden, source);
        }
        assertEquals(Files.readString(golden), source);
    }
}

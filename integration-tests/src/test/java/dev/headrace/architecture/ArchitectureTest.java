package dev.headrace.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.headrace.connector.ChunkReader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The arrows of `docs/design`: between modules, between packages, and from us to other people's libraries.
class ArchitectureTest {
    private static final String STATE = "dev.headrace.state..";
    private static final String ENGINE = "dev.headrace.engine..";
    private static final String DELTA = "dev.headrace.delta..";
    private static final String TESTING = "dev.headrace.testing..";
    private static final String[] COMMAND_LINE = {"dev.headrace.cli..", "dev.headrace.demo.."};
    private static final Set<String> API = Set.of(
            "dev.headrace",
            "dev.headrace.catalog",
            "dev.headrace.streaming",
            "dev.headrace.expressions",
            "dev.headrace.plotting",
            "dev.headrace.api.java",
            "dev.headrace.api.java.function");

    /// How the API starts a streaming query without knowing the engine; it speaks of API types.
    private static final Set<String> SEAM = Set.of("StreamStart", "StreamingEngine", "QueryEvents");

    /// Plans scan tables and call functions; tables are asked with predicates, and functions bind expressions.
    private static final Set<String> PLANS = Set.of(
            "dev.headrace.plan",
            "dev.headrace.connector",
            "dev.headrace.function",
            "dev.headrace.function.aggregate",
            "dev.headrace.function.sketch");

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(place -> !place.contains("/test-classes/")
                    && !place.contains("-tests.jar")
                    // What runs in Spark's own process is no part of the product.
                    && !place.contains("spark-delta"))
            .importPackages("dev.headrace");

    private static final DescribedPredicate<JavaClass> OURS = resideInAPackage("dev.headrace..");
    private static final DescribedPredicate<JavaClass> BEYOND_DATAFRAME =
            resideInAnyPackage(STATE, ENGINE, DELTA, TESTING).or(resideInAnyPackage(COMMAND_LINE));

    @Test
    void theRulesSeeTheProduct() {
        assertTrue(PRODUCT.containPackage("dev.headrace.types"));
        assertTrue(PRODUCT.containPackage("dev.headrace.state"));
        assertTrue(PRODUCT.containPackage("dev.headrace.engine.log"));
        assertTrue(PRODUCT.containPackage("dev.headrace.delta.log"));
        assertTrue(PRODUCT.containPackage("dev.headrace.cli"));
    }

    @Test
    void dataframeDependsOnNothingElseOfOurs() {
        check(noClasses().that(OURS).and(not(BEYOND_DATAFRAME)).should().dependOnClassesThat(BEYOND_DATAFRAME));
    }

    @Test
    void stateStoreKnowsTypesChunksAndErrorsOnly() {
        DescribedPredicate<JavaClass> known = resideInAnyPackage(
                        STATE, "dev.headrace.types..", "dev.headrace.chunk..", "dev.headrace.errors..")
                .or(type(ChunkReader.class));
        check(noClasses().that().resideInAPackage(STATE).should().dependOnClassesThat(OURS.and(not(known))));
    }

    @Test
    void engineNeverSeesTheLakehouse() {
        check(noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(DELTA));
    }

    @Test
    void nothingDependsOnTheCommandLine() {
        check(noClasses()
                .that(not(resideInAnyPackage(COMMAND_LINE)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(COMMAND_LINE));
    }

    /// The API counts as one package: its classes name each other as Spark's do.
    @Test
    void packagesHaveNoCycles() {
        check(slices().assignedFrom(new PackagesWithTheApiAsOne()).should().beFreeOfCycles());
    }

    @Test
    void onlyCodegenKnowsJanino() {
        check(foreign("dev.headrace.codegen..", "org.codehaus.."));
    }

    @Test
    void onlySketchesKnowDataSketches() {
        check(foreign("dev.headrace.function.sketch..", "org.apache.datasketches.."));
    }

    @Test
    void onlySqlKnowsTheGrammar() {
        check(foreign("dev.headrace.sql..", "org.antlr.."));
        check(foreign("dev.headrace.sql..", "org.apache.spark.."));
    }

    @Test
    void onlyItsConnectorAndTheDemoKnowKafka() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.headrace.engine.kafka..", "dev.headrace.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka.."));
    }

    @Test
    void onlyTheKernelLogKnowsDeltaKernel() {
        check(foreign("dev.headrace.delta.kernel..", "io.delta.."));
    }

    @Test
    void onlyTheCommandLineKnowsPicocliAndJline() {
        check(noClasses()
                .that(not(resideInAnyPackage(COMMAND_LINE)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "org.jline.."));
    }

    /// A batch that is run again gives the same rows only if time and chance come from its log entry. `System.nanoTime`
    /// tells no time of day: it measures how long something takes, for progress and time-outs.
    @Test
    void engineAndStateReadTimeAndChanceOnlyThroughAClock() {
        check(noClasses()
                .that()
                .resideInAnyPackage(ENGINE, STATE)
                .and(doNot(implementAClock()))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(Random.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", Duration.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class));
    }

    @Test
    void everyPackageIsNullMarked() {
        List<String> unmarked = PRODUCT.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(found -> !found.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();
        assertEquals(List.of(), unmarked);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(PRODUCT);
    }

    private static ArchRule foreign(String ours, String theirs) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(ours)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(theirs);
    }

    private static DescribedPredicate<JavaClass> implementAClock() {
        return DescribedPredicate.describe(
                "implement a clock", type -> type.getAllRawInterfaces().stream().anyMatch(nameEndingWith("Clock")));
    }

    private static final class PackagesWithTheApiAsOne implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(sliceOf(type));
        }

        private static String sliceOf(JavaClass type) {
            if (API.contains(type.getPackageName())
                    || SEAM.contains(outermost(type).getSimpleName())) {
                return "API";
            }
            return PLANS.contains(type.getPackageName()) ? "plans" : type.getPackageName();
        }

        private static JavaClass outermost(JavaClass type) {
            return type.getEnclosingClass()
                    .map(PackagesWithTheApiAsOne::outermost)
                    .orElse(type);
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}

package dev.headrace.sparkdelta;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes down what Spark gives for statements of one column: a line `statement => values :: type` for each, or
/// `statement => !CONDITION` of its error.
///
/// Statements are interpreted: compiling so many takes Spark most of an hour.
public final class RecordAnswers {
    private RecordAnswers() {}

    /// @param args a file with a statement in each line, and the file to be written
    public static void main(String[] args) throws IOException {
        try (SparkProcess spark = SparkProcess.start(
                        "-Xmx2g",
                        "spark.driver.bindAddress=127.0.0.1",
                        "spark.driver.host=127.0.0.1",
                        "spark.sql.adaptive.enabled=false",
                        "spark.sql.shuffle.partitions=1",
                        "spark.sql.codegen.wholeStage=false",
                        "spark.sql.codegen.factoryMode=NO_CODEGEN");
                Writer answers = Files.newBufferedWriter(Path.of(args[1]))) {
            for (String statement : Files.readAllLines(Path.of(args[0]))) {
                answers.write(statement + " => " + spark.answer(statement) + "\n");
                answers.flush();
            }
        }
    }
}

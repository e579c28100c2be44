package dev.headrace.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.LexerATNSimulator;
import org.antlr.v4.runtime.atn.ParserATNSimulator;
import org.antlr.v4.runtime.atn.PredictionContextCache;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.junit.jupiter.api.Test;

/// What the build has computed of the grammar changes nothing: texts are read as ANTLR reads them by itself, and so are
/// such that nobody has thought of.
class GrammarTablesTest {
    private static final long SEED = 18;
    private static final List<String> RULES = Arrays.asList(SqlBaseParser.ruleNames);
    private static final List<String> TEXTS = texts();

    /// What ANTLR computes by itself.
    private final Computed antlr = new Computed();

    /// What it computes where the build's knowledge ends.
    private final Computed beyond = new Computed();

    /// ANTLR's own states, of none at first.
    private static final class Computed {
        final DFA[] tokens = states(SqlBaseLexer._ATN);
        final DFA[] decisions = states(SqlBaseParser._ATN);
        final PredictionContextCache contexts = new PredictionContextCache();

        private static DFA[] states(ATN atn) {
            return IntStream.range(0, atn.getNumberOfDecisions())
                    .mapToObj(number -> new DFA(atn.getDecisionState(number), number))
                    .toArray(DFA[]::new);
        }

        SqlBaseLexer lexer(String text) {
            SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseStream(CharStreams.fromString(text)));
            lexer.removeErrorListeners();
            return lexer;
        }

        /// By what the build knows, and these states beyond it.
        String readByTables(String text) {
            SqlBaseLexer lexer = lexer(text);
            lexer.setInterpreter(new KnownTokens(lexer, tokens, contexts));
            SqlBaseParser parser = new SqlBaseParser(new CommonTokenStream(lexer));
            return read(parser, new KnownPredictor(parser, decisions, contexts));
        }

        String readByAntlr(String text) {
            SqlBaseLexer lexer = lexer(text);
            lexer.setInterpreter(new LexerATNSimulator(lexer, SqlBaseLexer._ATN, tokens, contexts));
            SqlBaseParser parser = new SqlBaseParser(new CommonTokenStream(lexer));
            ParserATNSimulator simulator = new ParserATNSimulator(parser, SqlBaseParser._ATN, decisions, contexts);
            simulator.setPredictionMode(PredictionMode.SLL);
            return read(parser, simulator);
        }

        private static String read(SqlBaseParser parser, ParserATNSimulator simulator) {
            parser.removeErrorListeners();
            parser.parameter_substitution_enabled = true;
            parser.setInterpreter(simulator);
            parser.setErrorHandler(new BailErrorStrategy());
            try {
                return parser.singleStatement().toStringTree(RULES);
            } catch (ParseCancellationException refused) {
                return refused.getCause() instanceof RecognitionException mistake
                        ? mistake.getClass() + " at " + mistake.getOffendingToken()
                        : refused.toString();
            }
        }

        List<String> tokensByTables(String text) {
            SqlBaseLexer lexer = lexer(text);
            lexer.setInterpreter(new KnownTokens(lexer, tokens, contexts));
            return all(lexer);
        }

        List<String> tokensByAntlr(String text) {
            SqlBaseLexer lexer = lexer(text);
            lexer.setInterpreter(new LexerATNSimulator(lexer, SqlBaseLexer._ATN, tokens, contexts));
            return all(lexer);
        }

        /// The decisions and modes that it had to compute something for.
        List<String> needed() {
            return Stream.of(tokens, decisions)
                    .flatMap(Arrays::stream)
                    .filter(states -> !states.states.isEmpty())
                    .map(states -> RULES.get(states.atnStartState.ruleIndex) + " " + states.decision)
                    .toList();
        }

        private static List<String> all(SqlBaseLexer lexer) {
            List<String> all = new ArrayList<>();
            lexer.addErrorListener(new BaseErrorListener() {
                @Override
                public void syntaxError(
                        Recognizer<?, ?> recognizer,
                        Object offending,
                        int line,
                        int column,
                        String message,
                        RecognitionException cause) {
                    all.add(line + ":" + column + " " + message);
                }
            });
            // Their texts say the places, lines, columns and channels, too.
            lexer.getAllTokens().forEach(token -> all.add(token.toString()));
            all.add(lexer.getLine() + ":" + lexer.getCharPositionInLine() + " " + lexer.has_unclosed_bracketed_comment);
            return all;
        }
    }

    private static List<String> texts() {
        try (Stream<Path> answers = Files.list(Path.of("src/test/resources/examples/spark"));
                Stream<Path> queries = Files.list(Path.of("src/test/resources/dev/headrace/sql"))) {
            List<String> texts =
                    new ArrayList<>(SqlParser.split(Files.readString(Path.of("src/main/grammar/statements.sql"))));
            for (Path file : answers.filter(path -> path.toString().endsWith(".txt"))
                    .sorted()
                    .toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.contains(" => "))
                        .map(line -> line.substring(0, line.lastIndexOf(" => ")))
                        .map(sql -> sql.matches("(SELECT|WITH) .*") ? sql : "SELECT " + sql)
                        .forEach(texts::add);
            }
            for (Path file : queries.sorted().toList()) {
                for (String example : Files.readString(file).split("\n\n")) {
                    texts.add(example.lines()
                            .filter(line -> !line.startsWith("#"))
                            .takeWhile(line -> !line.startsWith("> ") && !line.startsWith("! "))
                            .collect(Collectors.joining("\n")));
                }
            }
            return texts;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Texts some of whose tokens are left out, doubled, exchanged, or another text's.
    private static List<String> spoiled(int count) {
        Random random = new Random(SEED);
        List<List<String>> tokens = TEXTS.stream()
                .map(GrammarTablesTest::words)
                .filter(words -> words.size() > 2)
                .toList();
        List<String> spoiled = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            List<String> words = new ArrayList<>(tokens.get(random.nextInt(tokens.size())));
            for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                int at = random.nextInt(words.size() - 1);
                List<String> others = tokens.get(random.nextInt(tokens.size()));
                switch (random.nextInt(5)) {
                    case 0 -> words.remove(at);
                    case 1 -> words.add(at, words.get(at));
                    case 2 -> words.add(at, words.remove(at + 1));
                    case 3 -> words.set(at, others.get(random.nextInt(others.size())));
                    default -> words.add(at, others.get(random.nextInt(others.size())));
                }
            }
            spoiled.add(String.join(" ", words));
        }
        return spoiled;
    }

    private static List<String> words(String text) {
        return new Computed()
                .lexer(text).getAllTokens().stream()
                        .filter(token -> token.getChannel() == Token.DEFAULT_CHANNEL)
                        .map(Token::getText)
                        .toList();
    }

    @Test
    void theTablesAreOfTheGrammarOnTheClassPath() {
        for (String text : List.of(
                "SELECT sum(price * discount) AS revenue FROM lineitem WHERE day >= date '1994-01-01' AND"
                        + " day < date '1994-01-01' + interval '1' year AND discount BETWEEN 0.06 - 0.01 AND 0.06 + 0.01",
                "INSERT INTO sales (number, buyer) SELECT n, b FROM other WHERE n > 1")) {
            assertEquals(antlr.readByAntlr(text), beyond.readByTables(text));
        }
        assertEquals(List.of(), beyond.needed());
    }

    @Test
    void textsAreReadAsByAntlr() {
        for (String text : TEXTS) {
            assertEquals(antlr.readByAntlr(text), beyond.readByTables(text), text);
        }
    }

    @Test
    void spoiledTextsAreReadAsByAntlr() {
        for (String text : spoiled(2_000)) {
            assertEquals(antlr.readByAntlr(text), beyond.readByTables(text), text);
        }
    }

    @Test
    void wordsThatNoTextHasAreReadAsByAntlr() {
        // All of them take a quarter of a minute, nearly all of it ANTLR's own.
        for (int type = 1; type <= SqlBaseParser._ATN.maxTokenType; type += 10) {
            String literal = SqlBaseParser.VOCABULARY.getLiteralName(type);
            if (literal != null) {
                String word = literal.substring(1, literal.length() - 1);
                for (String text : List.of(
                        "SELECT " + word + ", t." + word + ", " + word + "(1) AS " + word + " FROM " + word + " "
                                + word,
                        word + " " + word + " " + word,
                        "CREATE TABLE " + word + " (" + word + " " + word + ")")) {
                    assertEquals(antlr.readByAntlr(text), beyond.readByTables(text), text);
                }
            }
        }
    }

    @Test
    void tokensAreThoseOfAntlr() {
        Random random = new Random(SEED);
        String odd = "'\"`$/*-+.:;<>=!|&^~%#@\\?()[]{}_ \t\n\r\u0001\u007fäßŁ😀eEdDlLxX0123456789";
        int[] characters = odd.codePoints().toArray();
        List<String> texts = new ArrayList<>(TEXTS);
        texts.addAll(List.of(
                "",
                " ",
                "1",
                "1.",
                ".1",
                "1.5e",
                "1e5",
                "1e5x",
                "1.0d",
                "0.5BD",
                "12L",
                "1y2",
                "a.1b",
                "5_a",
                "t.5a.b",
                "/* a /* b */ c */ 1",
                "/* a",
                "/*+ hint */",
                "/*",
                "--",
                "-- a\\\nb\n1",
                "$$ a $$",
                "$x$ $$ $x$",
                "$x$ a",
                "'a''b'",
                "'a\\'b'",
                "'a",
                "`a``b`",
                "`",
                "\"a",
                "r'\\'",
                "R\"x\"",
                "x'1F'",
                "array<array<int>>",
                "a>>b",
                "a>>>b",
                "a<b>>c",
                "s3://a/b",
                "file:/a",
                ":a",
                "::int",
                "->",
                "=>",
                "|>",
                "<=>",
                "!<",
                "!>",
                "<>",
                "straße"));
        for (String text : TEXTS) {
            StringBuilder spoiled = new StringBuilder(text);
            for (int changes = 0; changes < 3; changes++) {
                spoiled.insert(
                        random.nextInt(spoiled.length() + 1),
                        Character.toString(characters[random.nextInt(characters.length)]));
            }
            texts.add(spoiled.toString());
        }
        for (String text : texts) {
            assertEquals(antlr.tokensByAntlr(text), beyond.tokensByTables(text), text);
        }
    }

    @Test
    void errorsStandWhereAntlrFindsThem() {
        int errors = 0;
        for (String text : spoiled(500)) {
            String expected = firstError(text);
            String found = "none";
            try {
                new Grammar(new SqlText(text)).parse(SqlBaseParser::singleStatement);
            } catch (QueryException mistake) {
                found = mistake.getMessage()
                        .lines()
                        .filter(line -> line.startsWith("== "))
                        .findFirst()
                        .orElseThrow();
                errors++;
            }
            assertEquals(expected, found, text);
        }
        assertTrue(errors > 50);
    }

    /// What ANTLR finds first in its better mode.
    private static String firstError(String text) {
        List<String> errors = new ArrayList<>();
        BaseErrorListener listener = new BaseErrorListener() {
            @Override
            public void syntaxError(
                    Recognizer<?, ?> recognizer,
                    Object offending,
                    int line,
                    int column,
                    String message,
                    RecognitionException cause) {
                errors.add("== SQL, line " + line + ", column " + (column + 1) + " ==");
                throw new ParseCancellationException(message);
            }
        };
        SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseStream(CharStreams.fromString(text)));
        lexer.removeErrorListeners();
        lexer.addErrorListener(listener);
        SqlBaseParser parser = new SqlBaseParser(MarkedTokens.of(lexer, new SqlText(text)));
        parser.removeErrorListeners();
        parser.addErrorListener(listener);
        parser.parameter_substitution_enabled = true;
        try {
            parser.singleStatement();
            return "none";
        } catch (ParseCancellationException found) {
            return errors.getFirst();
        }
    }

    @Test
    void threadsReadAtOnce() throws Exception {
        List<String> texts =
                Stream.concat(TEXTS.stream().limit(300), spoiled(100).stream()).toList();
        List<String> expected = texts.stream().map(antlr::readByAntlr).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<List<String>> reading =
                    () -> texts.stream().map(beyond::readByTables).toList();
            for (Future<List<String>> read : threads.invokeAll(List.of(reading, reading, reading, reading))) {
                assertEquals(expected, read.get());
            }
        }
    }
}

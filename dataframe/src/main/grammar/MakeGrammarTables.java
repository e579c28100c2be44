import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RuntimeMetaData;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ParserATNSimulator;
import org.antlr.v4.runtime.atn.PredictionContextCache;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;

/// Writes `GrammarTables.java`: what ANTLR computes of the grammar while it reads SQL, and each process would compute
/// again. Of the parser's decisions that which statements of all kinds need; of the tokens all.
///
/// The build runs it as a program of its own, before it compiles
/// (`java MakeGrammarTables.java TARGET SOURCES TEXTS …`).
final class MakeGrammarTables {
    private static final String HEADER = "// Made of %08x by MakeGrammarTables.\n";

    private final DFA[] decisions = new DFA[SqlBaseParser._ATN.getNumberOfDecisions()];
    private final PredictionContextCache contexts = new PredictionContextCache();

    private MakeGrammarTables() {
        Arrays.setAll(decisions, number -> new DFA(SqlBaseParser._ATN.getDecisionState(number), number));
    }

    /// @param args the file to write; the directory of this program; files of statements and directories of such files
    public static void main(String[] args) throws IOException {
        Path target = Path.of(args[0]);
        List<String> texts = new ArrayList<>();
        for (String source : List.of(args).subList(2, args.length)) {
            texts.addAll(texts(Path.of(source), ".sql"));
        }
        List<String> all = new ArrayList<>(texts);
        all.addAll(texts(Path.of(args[1]), ".java"));
        all.add(RuntimeMetaData.getRuntimeVersion() + SqlBaseParser._serializedATN + SqlBaseLexer._serializedATN);
        String header = HEADER.formatted(fingerprint(all));
        if (!Files.exists(target) || !Files.readString(target).startsWith(header)) {
            MakeGrammarTables tables = new MakeGrammarTables();
            texts.forEach(tables::read);
            Files.createDirectories(target.getParent());
            Files.writeString(target, header + tables.source());
        }
    }

    private static List<String> texts(Path source, String ending) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(path -> path.toString().endsWith(ending))
                    .sorted()
                    .toList()) {
                texts.add(Files.readString(file));
            }
        }
        return texts;
    }

    private static long fingerprint(List<String> texts) {
        CRC32 crc = new CRC32();
        texts.forEach(text -> crc.update(text.getBytes(StandardCharsets.UTF_8)));
        return crc.getValue();
    }

    /// Learns what ANTLR computes for the statements of a text, with their semicolons and without, or for as much of
    /// each as the grammar knows.
    private void read(String text) {
        // The grammar wants keywords in upper case, and learns nothing of names.
        String upper = text.toUpperCase(Locale.ROOT);
        int from = 0;
        for (Token token : lexer(upper).getAllTokens()) {
            if (token.getType() == SqlBaseLexer.SEMICOLON) {
                readStatement(upper.substring(from, token.getStopIndex() + 1));
                readStatement(upper.substring(from, token.getStartIndex()));
                from = token.getStopIndex() + 1;
            }
        }
        readStatement(upper.substring(from));
    }

    private static SqlBaseLexer lexer(String text) {
        SqlBaseLexer lexer = new SqlBaseLexer(CharStreams.fromString(text));
        lexer.removeErrorListeners();
        return lexer;
    }

    private void readStatement(String statement) {
        SqlBaseParser parser = new SqlBaseParser(new CommonTokenStream(lexer(statement)));
        parser.parameter_substitution_enabled = true;
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        ParserATNSimulator simulator = new ParserATNSimulator(parser, parser.getATN(), decisions, contexts);
        simulator.setPredictionMode(PredictionMode.SLL);
        parser.setInterpreter(simulator);
        try {
            parser.singleStatement();
        } catch (ParseCancellationException refused) {
            // What has been read before the mistake is known.
        }
    }

    private String source() {
        Map<Integer, String> ofDecisions = new TreeMap<>();
        for (DFA decision : decisions) {
            ofDecisions.put(decision.decision, DecisionStates.of(decision));
        }
        Map<Integer, String> ofModes = new TreeMap<>();
        for (int mode = 0; mode < SqlBaseLexer.modeNames.length; mode++) {
            ofModes.put(mode, TokenStates.of(mode));
        }
        return """
                package dev.headrace.sql;

                /// What ANTLR computes of the grammar: see [KnownPredictor] and [KnownTokens].
                final class GrammarTables {
                    static final String ANTLR = "%s";
                    static final int PARSER = %d;
                    static final int LEXER = %d;
                    static final int ALTERNATIVE = %d;
                    static final int PREDICATES = %d;
                    static final int END = %d;
                    static final int QUESTIONS = %d;

                    private GrammarTables() {}

                    static String ofDecision(int number) {
                        return %s;
                    }

                    static String ofMode(int number) {
                        return %s;
                    }
                }
                """.formatted(
                        RuntimeMetaData.getRuntimeVersion(),
                        SqlBaseParser._serializedATN.hashCode(),
                        SqlBaseLexer._serializedATN.hashCode(),
                        DecisionStates.ALTERNATIVE,
                        DecisionStates.PREDICATES,
                        TokenStates.END,
                        TokenStates.QUESTIONS,
                        choice(ofDecisions),
                        choice(ofModes));
    }

    private static String choice(Map<Integer, String> tables) {
        StringBuilder choice = new StringBuilder("switch (number) {\n");
        tables.forEach((number, table) -> {
            if (!table.isEmpty()) {
                choice.append("case ")
                        .append(number)
                        .append(" -> ")
                        .append(literal(table))
                        .append(";\n");
            }
        });
        return choice.append("default -> \"\";\n}").toString();
    }

    /// A constant has 65,535 bytes at most, and a character three.
    private static String literal(String text) {
        int most = 21_000;
        StringBuilder literal = new StringBuilder("\"");
        for (int at = 0; at < text.length(); at++) {
            if (at > 0 && at % most == 0) {
                literal.append("\".concat(\"");
            }
            char character = text.charAt(at);
            literal.append(String.format(character < 256 ? "\\%03o" : "\\u%04x", (int) character));
        }
        return literal.append('"')
                .append(")".repeat((text.length() - 1) / most))
                .toString();
    }
}

package dev.headrace.sql;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.RuntimeMetaData;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.LexerATNSimulator;
import org.antlr.v4.runtime.atn.PredictionContextCache;
import org.antlr.v4.runtime.dfa.DFA;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.jspecify.annotations.Nullable;

/// Tells which token characters are: by what was computed while Headrace was built, which is all but comments in
/// brackets and what is not ASCII; else as ANTLR does.
final class KnownTokens extends LexerATNSimulator {
    // States as those of KnownPredictor. Unlike there, predicates are asked on the way.
    //
    //   keys            characters, plus one as the text's end is -1
    //   targets         a state's place; END if a longer token can't be; QUESTIONS plus the place of a question
    //   a question      the predicate's rule, its number, the target if it holds, the target if not
    //   before a state  the place of the token that ends here, or 0; where letters that are no keys lead to; where
    // digits
    //                   and _ do; where other printed characters, white space and the text's end do
    //   a token         its type; how many actions of the lexer it has; their numbers

    private static final int NONE = Token.INVALID_TYPE;
    private static final int LETTERS = -3;
    private static final int DIGITS = -2;
    private static final int OTHERS = -1;
    private static final int TOKEN = -4;
    private static final int NO_KIND = 0;

    /// Whether the grammar on the class path is the build's.
    private static final boolean FITS = GrammarTables.LEXER == SqlBaseLexer._serializedATN.hashCode()
            && GrammarTables.ANTLR.equals(RuntimeMetaData.getRuntimeVersion());

    /// Those that have been needed. Threads may write the same one twice.
    private static final @Nullable StateTable[] TABLES = new StateTable[SqlBaseLexer.modeNames.length];

    /// @param lexer whose own it takes the place of, and whose computed states it shares
    KnownTokens(SqlBaseLexer lexer) {
        this(lexer, lexer.getInterpreter().decisionToDFA, lexer.getInterpreter().getSharedContextCache());
    }

    /// @param computed where ANTLR keeps the states that it computes
    KnownTokens(SqlBaseLexer lexer, DFA[] computed, PredictionContextCache contexts) {
        super(lexer, lexer.getATN(), computed, contexts);
    }

    /// Reads the tokens of a text, and tells nobody of what is none.
    static SqlBaseLexer lexer(String text) {
        SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseStream(CharStreams.fromString(text)));
        lexer.setInterpreter(new KnownTokens(lexer));
        lexer.removeErrorListeners();
        return lexer;
    }

    @Override
    public int match(CharStream input, int mode) {
        startIndex = input.index();
        int startLine = line;
        int startColumn = charPositionInLine;
        int known = FITS ? known(input, mode) : NONE;
        if (known != NONE) {
            return known;
        }
        input.seek(startIndex);
        line = startLine;
        charPositionInLine = startColumn;
        return super.match(input, mode);
    }

    private static StateTable table(int mode) {
        @Nullable StateTable table = TABLES[mode];
        if (table == null) {
            table = new StateTable(GrammarTables.ofMode(mode));
            TABLES[mode] = table;
        }
        return table;
    }

    private int known(CharStream input, int mode) {
        StateTable table = table(mode);
        if (table.isEmpty()) {
            return NONE;
        }
        int state = table.first();
        int token = 0;
        int endIndex = startIndex;
        int endLine = line;
        int endColumn = charPositionInLine;
        int character;
        do {
            character = input.LA(1);
            int target = target(table, state, character, input);
            if (target == StateTable.UNKNOWN) {
                return NONE;
            }
            if (target == GrammarTables.END) {
                break;
            }
            if (character != Token.EOF) {
                consume(input);
            }
            state = target;
            if (table.at(state + TOKEN) != 0) {
                token = table.at(state + TOKEN);
                endIndex = input.index();
                endLine = line;
                endColumn = charPositionInLine;
            }
        } while (character != Token.EOF || table.at(state + TOKEN) == 0);
        if (token == 0) {
            return NONE;
        }
        input.seek(endIndex);
        line = endLine;
        charPositionInLine = endColumn;
        for (int action = 0; action < table.at(token + 1); action++) {
            atn.lexerActions[table.at(token + 2 + action)].execute(recog);
        }
        return table.at(token);
    }

    private int target(StateTable table, int state, int character, CharStream input) {
        int kind = kind(character);
        if (kind == NO_KIND) {
            return StateTable.UNKNOWN;
        }
        int target = table.target(state, character + 1, table.at(state + kind));
        while (target >= GrammarTables.QUESTIONS && target != StateTable.UNKNOWN) {
            int question = target - GrammarTables.QUESTIONS;
            boolean holds = evaluatePredicate(input, table.at(question), table.at(question + 1), true);
            target = table.at(question + (holds ? 2 : 3));
        }
        return target;
    }

    /// Letters are those in upper case alone, as the grammar wants them.
    private static int kind(int character) {
        if (character >= 'A' && character <= 'Z') {
            return LETTERS;
        }
        if (character >= '0' && character <= '9' || character == '_') {
            return DIGITS;
        }
        boolean printed = character >= ' ' && character <= '~' && !(character >= 'a' && character <= 'z');
        boolean space = character == '\t' || character == '\n' || character == '\r';
        return printed || space || character == Token.EOF ? OTHERS : NO_KIND;
    }
}

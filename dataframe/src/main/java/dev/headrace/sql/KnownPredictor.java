package dev.headrace.sql;

import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RuntimeMetaData;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.ParserATNSimulator;
import org.antlr.v4.runtime.atn.PredictionContextCache;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.jspecify.annotations.Nullable;

/// Decides between the alternatives of the grammar's rules in the mode SLL: by what was computed while Headrace was
/// built, as far as that goes, else as ANTLR does.
final class KnownPredictor extends ParserATNSimulator {
    // What ANTLR computes for the tokens ahead it keeps as states of a DFA, for the next ones that begin alike. In this
    // mode
    // they follow from the grammar alone: predicates are not evaluated for them, but at their ends. GrammarTables has
    // those
    // that the statements of the build needed. Where they don't go on, errors among these, ANTLR begins anew with its
    // own.
    //
    //   keys            tokens, plus one as the text's end is -1; in the first state of a decision that depends on the
    //                   parser's precedence, precedences
    //   targets         a state's place; ALTERNATIVE plus the alternative; PREDICATES plus the place of predicates
    //   predicates      how many alternatives; for each its number, how many conjunctions, and for each of these how
    // many
    //                   predicates, and for each its rule plus one and its number, or 0 and a precedence. An
    // alternative
    //                   is possible if one of its conjunctions holds

    private static final int NONE = ATN.INVALID_ALT_NUMBER;

    /// Whether the grammar on the class path is the build's.
    private static final boolean FITS = GrammarTables.PARSER == SqlBaseParser._serializedATN.hashCode()
            && GrammarTables.ANTLR.equals(RuntimeMetaData.getRuntimeVersion());

    /// Those that have been needed. Threads may write the same one twice.
    private static final @Nullable StateTable[] TABLES = new StateTable[SqlBaseParser._ATN.getNumberOfDecisions()];

    /// @param parser whose predictor it takes the place of, and whose computed states it shares
    KnownPredictor(SqlBaseParser parser) {
        this(
                parser,
                parser.getInterpreter().decisionToDFA,
                parser.getInterpreter().getSharedContextCache());
    }

    /// @param computed where ANTLR keeps the states that it computes
    KnownPredictor(SqlBaseParser parser, DFA[] computed, PredictionContextCache contexts) {
        super(parser, parser.getATN(), computed, contexts);
        setPredictionMode(PredictionMode.SLL);
    }

    @Override
    public int adaptivePredict(TokenStream input, int decision, ParserRuleContext outer) {
        int known = FITS ? known(input, decision, outer) : NONE;
        return known == NONE ? super.adaptivePredict(input, decision, outer) : known;
    }

    private static StateTable table(int decision) {
        @Nullable StateTable table = TABLES[decision];
        if (table == null) {
            table = new StateTable(GrammarTables.ofDecision(decision));
            TABLES[decision] = table;
        }
        return table;
    }

    private int known(TokenStream input, int decision, ParserRuleContext outer) {
        StateTable table = table(decision);
        if (table.isEmpty()) {
            return NONE;
        }
        int state = table.first();
        if (decisionToDFA[decision].isPrecedenceDfa()) {
            state = table.target(state, parser.getPrecedence(), StateTable.UNKNOWN);
            if (state == StateTable.UNKNOWN) {
                return NONE;
            }
        }
        int startIndex = input.index();
        int token = input.LA(1);
        int target = table.target(state, token + 1, StateTable.UNKNOWN);
        while (target < GrammarTables.ALTERNATIVE) {
            if (token != Token.EOF) {
                input.consume();
            }
            token = input.LA(1);
            target = table.target(target, token + 1, StateTable.UNKNOWN);
        }
        if (input.index() != startIndex) {
            input.seek(startIndex);
        }
        if (target < GrammarTables.PREDICATES) {
            return target - GrammarTables.ALTERNATIVE;
        }
        return target == StateTable.UNKNOWN ? NONE : possible(table, target - GrammarTables.PREDICATES, outer);
    }

    /// The first alternative whose predicates hold. If there is none, ANTLR is to say so.
    private int possible(StateTable table, int predicates, ParserRuleContext outer) {
        int at = predicates;
        int first = NONE;
        for (int alternatives = table.at(at++); alternatives > 0; alternatives--) {
            int alternative = table.at(at++);
            boolean possible = false;
            for (int conjunctions = table.at(at++); conjunctions > 0; conjunctions--) {
                boolean holds = true;
                for (int rest = table.at(at++); rest > 0; rest--) {
                    int rule = table.at(at++);
                    int number = table.at(at++);
                    holds &= rule == 0 ? parser.precpred(outer, number) : parser.sempred(null, rule - 1, number);
                }
                possible |= holds;
            }
            if (possible && first == NONE) {
                first = alternative;
            }
        }
        return first;
    }
}

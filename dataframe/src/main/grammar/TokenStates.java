import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.atn.LexerATNSimulator;
import org.antlr.v4.runtime.atn.LexerAction;
import org.antlr.v4.runtime.atn.LexerIndexedCustomAction;
import org.antlr.v4.runtime.atn.PredictionContextCache;
import org.antlr.v4.runtime.dfa.DFA;
import org.antlr.v4.runtime.dfa.DFAState;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/// Writes which characters lead to which tokens of a mode, as `KnownTokens` reads it.
final class TokenStates extends LexerATNSimulator {
    static final int END = 0x8000;
    static final int QUESTIONS = 0xC000;
    static final int UNKNOWN = 0xFFFF;

    /// What stands in front of a state's place.
    private static final int HEAD = 1 + 3;

    private static final String COMMENT = "BRACKETED_COMMENT";
    private static final CharStream NOTHING = CharStreams.fromString("");
    /// Letters; digits and `_`; all else that is printed, white space and the text's end. In upper case, as the grammar
    /// wants its texts.
    private static final List<List<Integer>> KINDS = List.of(
            IntStream.rangeClosed('A', 'Z').boxed().toList(),
            IntStream.concat(IntStream.rangeClosed('0', '9'), IntStream.of('_'))
                    .boxed()
                    .toList(),
            IntStream.concat(IntStream.of(Token.EOF, '\t', '\n', '\r'), IntStream.rangeClosed(' ', '~'))
                    .filter(character -> character < '0' || !Character.isLetterOrDigit(character) && character != '_')
                    .boxed()
                    .toList());

    private record Question(int rule, int predicate) {}

    /// Where a character leads to.
    private sealed interface Target {
        record State(int number) implements Target {}

        record End() implements Target {}

        record Unknown() implements Target {}

        record Asked(Question question, Target ifSo, Target ifNot) implements Target {}
    }

    private final Map<DFAState, Integer> numbers = new IdentityHashMap<>();
    private final List<DFAState> states = new ArrayList<>();
    private final List<Map<Integer, Target>> targets = new ArrayList<>();

    private final List<Question> asked = new ArrayList<>();
    private List<Boolean> answers = List.of();

    private TokenStates(int mode) {
        super(new SqlBaseLexer(NOTHING), SqlBaseLexer._ATN, decisions(), new PredictionContextCache());
        this.mode = mode;
        startIndex = 0;
    }

    private static DFA[] decisions() {
        return IntStream.range(0, SqlBaseLexer._ATN.getNumberOfDecisions())
                .mapToObj(number -> new DFA(SqlBaseLexer._ATN.getDecisionState(number), number))
                .toArray(DFA[]::new);
    }

    /// Empty if nothing is known.
    static String of(int mode) {
        TokenStates states = new TokenStates(mode);
        ATNConfigSet start = states.computeStartState(NOTHING, SqlBaseLexer._ATN.modeToStartState.get(mode));
        if (start.hasSemanticContext) {
            return "";
        }
        states.explore(states.addDFAState(start));
        return states.text();
    }

    private void explore(DFAState start) {
        state(start);
        for (int at = 0; at < states.size(); at++) {
            DFAState state = states.get(at);
            Map<Integer, Target> known = new LinkedHashMap<>();
            KINDS.forEach(kind -> kind.forEach(character -> known.put(character, target(state, character, List.of()))));
            targets.add(known);
        }
    }

    private Target target(DFAState state, int character, List<Boolean> given) {
        asked.clear();
        answers = given;
        DFAState target = getExistingTargetState(state, character);
        if (target == null) {
            target = computeTargetState(NOTHING, state, character);
        }
        if (asked.size() == given.size()) {
            return target == ERROR ? new Target.End() : state(target);
        }
        Question question = asked.get(given.size());
        return new Target.Asked(
                question, target(state, character, and(given, true)), target(state, character, and(given, false)));
    }

    private static List<Boolean> and(List<Boolean> given, boolean answer) {
        List<Boolean> all = new ArrayList<>(given);
        all.add(answer);
        return all;
    }

    /// Questions that have no answer yet are taken for true: their state is looked at when they have one.
    @Override
    protected boolean evaluatePredicate(CharStream input, int rule, int predicate, boolean speculative) {
        asked.add(new Question(rule, predicate));
        return asked.size() > answers.size() || answers.get(asked.size() - 1);
    }

    private Target state(DFAState state) {
        if (isLeftToAntlr(state)) {
            return new Target.Unknown();
        }
        int number = numbers.computeIfAbsent(state, added -> {
            states.add(added);
            return states.size() - 1;
        });
        return new Target.State(number);
    }

    /// Comments in brackets, which contain each other and so have no end of states, and what acts before a token's end.
    private static boolean isLeftToAntlr(DFAState state) {
        boolean acts = state.lexerActionExecutor != null
                && Arrays.stream(state.lexerActionExecutor.getLexerActions())
                        .anyMatch(LexerIndexedCustomAction.class::isInstance);
        return acts
                || state.configs.stream()
                        .allMatch(config -> SqlBaseLexer.ruleNames[config.state.ruleIndex].equals(COMMENT));
    }

    private String text() {
        Map<String, Integer> tokens = new LinkedHashMap<>();
        Map<Target, Integer> questions = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder("\0");
        for (DFAState state : states) {
            if (state.isAcceptState && tokens.putIfAbsent(token(state), text.length()) == null) {
                text.append(token(state));
            }
        }
        int place = text.length();
        for (Target target : targets.stream()
                .flatMap(known -> known.values().stream().flatMap(TokenStates::questions))
                .distinct()
                .toList()) {
            questions.put(target, place);
            place += 4;
        }
        text.setCharAt(0, (char) (place + HEAD));
        List<Row> rows = targets.stream().map(TokenStates::row).toList();
        List<Integer> places = new ArrayList<>();
        for (Row row : rows) {
            places.add(place + HEAD);
            place += HEAD + 1 + 2 * row.exceptions.size();
        }
        if (place > END) {
            throw new IllegalStateException("more is known of tokens than there are numbers for");
        }
        questions.keySet().forEach(question -> {
            Target.Asked asked = (Target.Asked) question;
            text.append((char) asked.question.rule).append((char) asked.question.predicate);
            text.append(code(asked.ifSo, places, questions)).append(code(asked.ifNot, places, questions));
        });
        for (int number = 0; number < rows.size(); number++) {
            DFAState state = states.get(number);
            Row row = rows.get(number);
            text.append((char) (state.isAcceptState ? tokens.get(token(state)) : 0));
            row.usual.forEach(target -> text.append(code(target, places, questions)));
            text.append((char) row.exceptions.size());
            row.exceptions.keySet().forEach(character -> text.append((char) (character + 1)));
            row.exceptions.values().forEach(target -> text.append(code(target, places, questions)));
        }
        return text.toString();
    }

    private static char code(Target target, List<Integer> places, Map<Target, Integer> questions) {
        return (char)
                switch (target) {
                    case Target.State(int number) -> places.get(number);
                    case Target.End _ -> END;
                    case Target.Unknown _ -> UNKNOWN;
                    case Target.Asked _ -> QUESTIONS + questions.get(target);
                };
    }

    private static Stream<Target> questions(Target target) {
        return target instanceof Target.Asked(var _, Target ifSo, Target ifNot)
                ? Stream.concat(Stream.of(target), Stream.concat(questions(ifSo), questions(ifNot)))
                : Stream.of();
    }

    private static String token(DFAState state) {
        LexerAction[] actions =
                state.lexerActionExecutor == null ? new LexerAction[0] : state.lexerActionExecutor.getLexerActions();
        StringBuilder token =
                new StringBuilder().append((char) state.prediction).append((char) actions.length);
        for (LexerAction action : actions) {
            token.append((char) List.of(SqlBaseLexer._ATN.lexerActions).indexOf(action));
        }
        return token.toString();
    }

    /// Where most characters of each kind lead to, and all that lead elsewhere.
    private record Row(List<Target> usual, Map<Integer, Target> exceptions) {}

    private static Row row(Map<Integer, Target> known) {
        List<Target> usual = new ArrayList<>();
        Map<Integer, Target> exceptions = new TreeMap<>();
        for (List<Integer> kind : KINDS) {
            Target mostCommon = mostCommon(known, kind);
            usual.add(mostCommon);
            kind.stream()
                    .filter(character -> !known.get(character).equals(mostCommon))
                    .forEach(character -> exceptions.put(character, known.get(character)));
        }
        return new Row(usual, exceptions);
    }

    private static Target mostCommon(Map<Integer, Target> known, List<Integer> characters) {
        Map<Target, Long> counts = characters.stream()
                .collect(Collectors.groupingBy(known::get, LinkedHashMap::new, Collectors.counting()));
        return Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
    }
}

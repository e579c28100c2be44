import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.antlr.v4.runtime.atn.ATNSimulator;
import org.antlr.v4.runtime.atn.SemanticContext;
import org.antlr.v4.runtime.dfa.DFA;
import org.antlr.v4.runtime.dfa.DFAState;
import org.antlr.v4.runtime.dfa.DFAState.PredPrediction;

/// Writes what ANTLR has computed for one decision, as `KnownPredictor` reads it.
final class DecisionStates {
    static final int ALTERNATIVE = 0x8000;
    static final int PREDICATES = 0xC000;

    /// By identity: two states are equal by what they were made of, which is long.
    private final Map<DFAState, Integer> places = new IdentityHashMap<>();

    private final Map<String, Integer> predicates = new HashMap<>();
    private final StringBuilder text = new StringBuilder();

    private DecisionStates() {}

    /// Empty if nothing is known.
    static String of(DFA decision) {
        DecisionStates states = new DecisionStates();
        if (decision.s0 != null && !edges(decision.s0).isEmpty()) {
            states.write(reachable(decision.s0));
        }
        return states.text.toString();
    }

    private void write(List<DFAState> states) {
        text.append('\0');
        for (DFAState state : states) {
            edges(state).values().stream()
                    .filter(target -> target.isAcceptState && target.predicates != null)
                    .forEach(target -> predicates.computeIfAbsent(text(target.predicates), written -> {
                        int place = text.length();
                        text.append(written);
                        return place;
                    }));
        }
        require(text.length() <= PREDICATES - ALTERNATIVE);
        int place = text.length();
        text.setCharAt(0, (char) place);
        for (DFAState state : states) {
            places.put(state, place);
            place += 1 + 2 * edges(state).size();
        }
        require(place <= ALTERNATIVE);
        for (DFAState state : states) {
            Map<Integer, DFAState> edges = edges(state);
            text.append((char) edges.size());
            edges.keySet().forEach(key -> text.append((char) key.intValue()));
            edges.values().forEach(target -> text.append((char) target(target)));
        }
    }

    private static void require(boolean fits) {
        if (!fits) {
            throw new IllegalStateException("more is known of a decision than there are numbers for");
        }
    }

    private int target(DFAState state) {
        if (!state.isAcceptState) {
            return places.get(state);
        }
        return state.predicates == null
                ? ALTERNATIVE + state.prediction
                : PREDICATES + predicates.get(text(state.predicates));
    }

    /// The states between the start and the alternatives, the start first.
    private static List<DFAState> reachable(DFAState start) {
        Map<DFAState, Boolean> seen = new IdentityHashMap<>();
        List<DFAState> states = new ArrayList<>(List.of(start));
        seen.put(start, true);
        for (int at = 0; at < states.size(); at++) {
            edges(states.get(at)).values().stream()
                    .filter(target -> !target.isAcceptState && seen.put(target, true) == null)
                    .forEach(states::add);
        }
        return states;
    }

    /// Where tokens lead to, by the token plus one; precedences, where a decision depends on these. Without what is an
    /// error, which ANTLR is to describe.
    private static Map<Integer, DFAState> edges(DFAState state) {
        Map<Integer, DFAState> edges = new TreeMap<>();
        for (int key = 0; state.edges != null && key < state.edges.length; key++) {
            DFAState target = state.edges[key];
            if (target != null && target != ATNSimulator.ERROR && isWritten(target)) {
                edges.put(key, target);
            }
        }
        return edges;
    }

    /// Predicates that ask for the rule around the decision are left to ANTLR. The grammar has none.
    private static boolean isWritten(DFAState state) {
        return state.predicates == null
                || Arrays.stream(state.predicates)
                        .flatMap(predicted -> conjunctions(predicted.pred).stream())
                        .flatMap(List::stream)
                        .noneMatch(predicate ->
                                predicate instanceof SemanticContext.Predicate asked && asked.isCtxDependent);
    }

    private static String text(PredPrediction[] predictions) {
        StringBuilder text = new StringBuilder().append((char) predictions.length);
        for (PredPrediction prediction : predictions) {
            List<List<SemanticContext>> conjunctions = conjunctions(prediction.pred);
            text.append((char) prediction.alt).append((char) conjunctions.size());
            for (List<SemanticContext> conjunction : conjunctions) {
                text.append((char) conjunction.size());
                conjunction.forEach(predicate -> text.append(text(predicate)));
            }
        }
        return text.toString();
    }

    private static String text(SemanticContext predicate) {
        return switch (predicate) {
            case SemanticContext.Predicate asked -> "" + (char) (asked.ruleIndex + 1) + (char) asked.predIndex;
            case SemanticContext.PrecedencePredicate asked -> "\0" + (char) asked.precedence;
            default -> throw new IllegalStateException("no predicate: " + predicate);
        };
    }

    /// Of which one must hold; an empty one does.
    private static List<List<SemanticContext>> conjunctions(SemanticContext predicates) {
        return switch (predicates) {
            case SemanticContext.Empty _ -> List.of(List.of());
            case SemanticContext.OR or ->
                or.getOperands().stream()
                        .flatMap(operand -> conjunctions(operand).stream())
                        .toList();
            case SemanticContext.AND and -> {
                List<List<SemanticContext>> all = List.of(List.of());
                for (SemanticContext operand : and.getOperands()) {
                    all = all.stream()
                            .flatMap(left -> conjunctions(operand).stream().map(right -> joined(left, right)))
                            .toList();
                }
                yield all;
            }
            default -> List.of(List.of(predicates));
        };
    }

    private static List<SemanticContext> joined(List<SemanticContext> left, List<SemanticContext> right) {
        List<SemanticContext> both = new ArrayList<>(left);
        both.addAll(right);
        return both;
    }
}

package dev.headrace.sql;

/// The states of one decision, or of one mode of the tokens, as the build has written them down. Immutable.
///
/// The first character says where the first state stands. A state is: how many keys it knows; these, ascending; their
/// targets. What else a state has, and the other parts, [KnownPredictor] and [KnownTokens] describe.
final class StateTable {
    /// A target that the state does not say.
    static final int UNKNOWN = 0xFFFF;

    private final String text;

    StateTable(String text) {
        this.text = text;
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    int first() {
        return text.charAt(0);
    }

    int at(int place) {
        return text.charAt(place);
    }

    /// @param ifNone what is taken if the state does not know the key
    int target(int state, int key, int ifNone) {
        int count = text.charAt(state);
        int low = state + 1;
        int high = state + count;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = text.charAt(middle);
            if (found == key) {
                return text.charAt(middle + count);
            }
            if (found < key) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return ifNone;
    }
}

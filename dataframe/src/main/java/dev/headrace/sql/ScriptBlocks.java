package dev.headrace.sql;

import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/// Finds the semicolons that end statements, as tokens come: not those within BEGIN … END.
///
/// In a script the words that open and close blocks do so only where a statement begins, or behind its condition.
/// Within statements all of them may be names, or parts of expressions, such as `substring(a FROM CASE … END FOR 2)`.
final class ScriptBlocks {
    private Place place = Place.REST;
    private int last = Token.INVALID_TYPE;

    /// Where the word before ends, and the one before that.
    private int lastEnd = -2;

    private int endBefore = -2;
    private boolean begun;

    /// How many of BEGIN, IF, CASE and loops have no END yet.
    private int open;

    /// Where the word before has begun a statement: what was open before it.
    private int openBefore;

    private boolean first;

    /// Open in the condition that is being read.
    private int parentheses;

    /// As `parentheses`, of the expressions CASE … END that stand in none.
    private int cases;

    /// Where in a script a word stands.
    private enum Place {
        /// A statement begins, or what closes or goes on with the block around it.
        START,
        /// The condition, value or query of a branch or loop: behind THEN or DO statements begin.
        CONDITION,
        /// The condition of REPEAT, behind which END REPEAT stands.
        UNTIL,
        /// Behind DECLARE: there may be the HANDLER of something.
        DECLARATION,
        /// What a handler is for: behind that its statement begins.
        HANDLED,
        /// Within a statement, until the semicolon.
        REST
    }

    /// Whether a statement has begun and not ended.
    boolean isInStatement() {
        return begun;
    }

    /// Whether the token is a semicolon that ends a statement, or stands where none has begun.
    boolean ends(Token token) {
        if (token.getChannel() != Token.DEFAULT_CHANNEL) {
            return false;
        }
        int type = token.getType();
        boolean ends = type == SqlBaseLexer.SEMICOLON && open == 0;
        if (!ends) {
            place = type == SqlBaseLexer.SEMICOLON ? Place.START : behind(type, token.getStartIndex());
        }
        begun = !ends;
        last = type;
        endBefore = lastEnd;
        lastEnd = token.getStopIndex();
        return ends;
    }

    /// Where the next word stands.
    private Place behind(int type, int start) {
        if (!begun) {
            return type == SqlBaseLexer.BEGIN ? behindFirst(type) : Place.REST;
        }
        if (open == 0 || last == SqlBaseLexer.DOT) {
            return place;
        }
        if (last == SqlBaseLexer.COLON) {
            // Behind a label, whatever else that word means, stands a block or loop; or it is the name of a parameter.
            boolean labelled = first && isLabelled(type) && !isParameter(start);
            first = false;
            if (!labelled) {
                return place;
            }
            open = openBefore;
            return behindFirst(type);
        }
        if (type == SqlBaseLexer.COLON && first) {
            return place;
        }
        if (place == Place.START || place == Place.HANDLED && !isHandled(type)) {
            return behindFirst(type);
        }
        first = false;
        return switch (place) {
            case CONDITION -> {
                boolean ended = type == SqlBaseLexer.THEN || type == SqlBaseLexer.DO;
                yield isOutermost(type) && ended ? Place.START : Place.CONDITION;
            }
            case UNTIL -> {
                if (!isOutermost(type) || type != SqlBaseLexer.REPEAT || last != SqlBaseLexer.END) {
                    yield Place.UNTIL;
                }
                open--;
                yield Place.REST;
            }
            case DECLARATION ->
                switch (type) {
                    case SqlBaseLexer.EXIT, SqlBaseLexer.CONTINUE -> Place.DECLARATION;
                    case SqlBaseLexer.HANDLER ->
                        last == SqlBaseLexer.EXIT || last == SqlBaseLexer.CONTINUE ? Place.HANDLED : Place.REST;
                    default -> Place.REST;
                };
            case START, HANDLED, REST -> place;
        };
    }

    private static boolean isLabelled(int type) {
        return switch (type) {
            case SqlBaseLexer.BEGIN, SqlBaseLexer.LOOP, SqlBaseLexer.REPEAT, SqlBaseLexer.WHILE, SqlBaseLexer.FOR ->
                true;
            default -> false;
        };
    }

    /// Whether a word behind a colon is a parameter's name for certain, as in `IF :begin THEN`.
    private boolean isParameter(int start) {
        boolean apart = endBefore + 1 < lastEnd;
        return apart && start == lastEnd + 1;
    }

    private Place behindFirst(int type) {
        first = true;
        openBefore = open;
        parentheses = 0;
        cases = 0;
        return switch (type) {
            case SqlBaseLexer.BEGIN, SqlBaseLexer.LOOP, SqlBaseLexer.REPEAT -> {
                open++;
                yield Place.START;
            }
            case SqlBaseLexer.IF, SqlBaseLexer.CASE, SqlBaseLexer.WHILE, SqlBaseLexer.FOR -> {
                open++;
                yield Place.CONDITION;
            }
            case SqlBaseLexer.ELSEIF, SqlBaseLexer.WHEN -> Place.CONDITION;
            case SqlBaseLexer.ELSE, SqlBaseLexer.NOT, SqlBaseLexer.ATOMIC -> Place.START;
            case SqlBaseLexer.UNTIL -> Place.UNTIL;
            case SqlBaseLexer.DECLARE -> Place.DECLARATION;
            case SqlBaseLexer.END -> {
                open--;
                yield Place.REST;
            }
            default -> Place.REST;
        };
    }

    /// Counts what is open in a condition.
    ///
    /// @return whether the word stands in nothing of that
    private boolean isOutermost(int type) {
        switch (type) {
            case SqlBaseLexer.LEFT_PAREN -> parentheses++;
            case SqlBaseLexer.RIGHT_PAREN -> parentheses--;
            case SqlBaseLexer.CASE -> cases += parentheses == 0 ? 1 : 0;
            case SqlBaseLexer.END -> cases -= parentheses == 0 && cases > 0 ? 1 : 0;
            default -> {}
        }
        return parentheses == 0 && cases == 0;
    }

    /// Whether a word belongs to what a handler is for: the words HANDLER FOR, or one of `a.b, SQLSTATE VALUE '22012',
    /// NOT FOUND`.
    private boolean isHandled(int type) {
        return switch (type) {
            case SqlBaseLexer.COMMA, SqlBaseLexer.DOT -> true;
            default ->
                switch (last) {
                    case SqlBaseLexer.HANDLER,
                            SqlBaseLexer.FOR,
                            SqlBaseLexer.COMMA,
                            SqlBaseLexer.SQLSTATE,
                            SqlBaseLexer.VALUE,
                            SqlBaseLexer.NOT -> true;
                    default -> false;
                };
        };
    }
}

package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.DecimalType;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How `to_char` writes numbers and `to_number` reads them: digits as `0` or `9`, the point as `.` or `D`, groups with
/// `,` or `G`, `$`, and a sign as `S`, `MI` or `PR`. An object is what one call in a query has of its own.
///
/// @param before the digits and groups before the point, without point
/// @param after the digits behind it
public record NumberFormat(String text, String before, String after, boolean dollar, Sign first, Sign last) {
    private static final Pattern SHAPE = Pattern.compile(
            "(S|MI)?(\\$)?((?:[09][09,G]*)?)(?:([.D])([09]*))?(\\$)?(S|MI|PR)?", Pattern.CASE_INSENSITIVE);

    /// Where and how a sign is written.
    public enum Sign {
        NONE,
        S,
        MI,
        PR;

        private static Sign of(@Nullable String text) {
            return text == null ? NONE : valueOf(text.toUpperCase(java.util.Locale.ROOT));
        }
    }

    /// @throws QueryException `INVALID_FORMAT`
    static NumberFormat of(String function, String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches() || digits(matcher.group(3)) + digits(matcher.group(5)) == 0) {
            throw new QueryException(
                    "INVALID_FORMAT",
                    function + ": '" + text + "' is not a format of numbers, such as '$99,990.99', 'S999' or '099PR'.");
        }
        return new NumberFormat(
                text,
                matcher.group(3).replace('G', ',').replace('g', ','),
                matcher.group(5) == null ? "" : matcher.group(5),
                matcher.group(2) != null || matcher.group(6) != null,
                Sign.of(matcher.group(1)),
                Sign.of(matcher.group(7)));
    }

    private static int digits(@Nullable String part) {
        return part == null
                ? 0
                : (int) part.chars().filter(c -> c == '0' || c == '9').count();
    }

    DecimalType type() {
        return new DecimalType(Math.max(1, digits(before) + after.length()), after.length());
    }

    /// The number as text; number signs if it has too many digits.
    public Slice write(BigDecimal number) {
        BigDecimal rounded = number.abs().setScale(after.length(), java.math.RoundingMode.HALF_UP);
        String digits = rounded.toPlainString();
        int point = digits.indexOf('.');
        String whole = point < 0 ? digits : digits.substring(0, point);
        String fraction = point < 0 ? "" : digits.substring(point + 1);
        boolean negative = number.signum() < 0;
        StringBuilder body = new StringBuilder();
        if (whole.length() > digits(before)) {
            body.append(before.replaceAll("[09]", "#"));
            fraction = "#".repeat(after.length());
        } else {
            group(whole, body);
        }
        String padding = body.toString().replaceAll("\\S.*", "");
        String number2 = body.substring(padding.length()) + (after.isEmpty() ? "" : "." + fraction);
        return Slice.utf8(signed(padding, (dollar ? "$" : "") + number2, negative));
    }

    private void group(String whole, StringBuilder body) {
        int at = whole.length() - digits(before);
        boolean started = false;
        for (int i = 0; i < before.length(); i++) {
            char c = before.charAt(i);
            if (c == ',') {
                body.append(started ? ',' : ' ');
                continue;
            }
            started |= at >= 0 || c == '0';
            body.append(at >= 0 ? whole.charAt(at) : started ? '0' : ' ');
            at++;
        }
    }

    private String signed(String padding, String number, boolean negative) {
        String head = switch (first) {
            case S -> negative ? "-" : "+";
            case MI -> negative ? "-" : " ";
            case NONE, PR -> "";
        };
        return switch (last) {
            case S -> padding + head + number + (negative ? "-" : "+");
            case MI -> padding + head + number + (negative ? "-" : " ");
            case PR -> negative ? padding + "<" + number + ">" : padding + number + "  ";
            case NONE -> padding + head + number;
        };
    }

    public BigDecimal read(Slice text) {
        BigDecimal number = tryRead(text);
        if (number == null) {
            throw new DataException(
                    "INVALID_FORMAT",
                    "to_number: '" + text + "' does not fit the format '" + this.text
                            + "'. Use try_to_number to get NULL instead.");
        }
        return number;
    }

    public @Nullable BigDecimal tryRead(Slice input) {
        String text = input.toString().strip();
        boolean negative = false;
        if (last == Sign.PR && text.startsWith("<") && text.endsWith(">")) {
            negative = true;
            text = text.substring(1, text.length() - 1);
        } else if (first != Sign.NONE && (text.startsWith("-") || text.startsWith("+"))) {
            negative = text.startsWith("-");
            text = text.substring(1);
        } else if ((last == Sign.S || last == Sign.MI) && (text.endsWith("-") || text.endsWith("+"))) {
            negative = text.endsWith("-");
            text = text.substring(0, text.length() - 1);
        }
        if (dollar) {
            if (!text.startsWith("$")) {
                return null;
            }
            text = text.substring(1);
        }
        if (text.isEmpty()) {
            return null;
        }
        int point = text.indexOf('.');
        String whole = point < 0 ? text : text.substring(0, point);
        String fraction = point < 0 ? "" : text.substring(point + 1);
        if (!fitsGroups(whole)
                || fraction.length() > after.length()
                || !fraction.chars().allMatch(Character::isDigit)) {
            return null;
        }
        String digits = whole.replace(",", "");
        BigDecimal number = new BigDecimal(
                        (digits.isEmpty() ? "0" : digits) + (fraction.isEmpty() ? "" : "." + fraction))
                .setScale(after.length());
        return negative ? number.negate() : number;
    }

    /// Whether the digits and commas stand where the format has them, from the right.
    private boolean fitsGroups(String whole) {
        if (whole.length() > before.length() || digits(whole, '0') && whole.length() < before.length()) {
            return false;
        }
        int shift = before.length() - whole.length();
        for (int i = 0; i < whole.length(); i++) {
            char wanted = before.charAt(i + shift);
            char found = whole.charAt(i);
            if (wanted == ',' ? found != ',' : !Character.isDigit(found)) {
                return false;
            }
        }
        return true;
    }

    private boolean digits(String whole, char zero) {
        return !whole.isEmpty() && before.indexOf(zero) == 0;
    }
}

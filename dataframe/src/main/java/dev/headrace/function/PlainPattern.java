package dev.headrace.function;

import dev.headrace.chunk.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A pattern of digits and constant text, such as `yyyy-MM-dd HH:mm:ss.SSS`, which writes times of the years 1 to 9999
/// straight into bytes: what most patterns are.
final class PlainPattern {
    private static final long FIRST = Calendar.toDays(1, 1, 1) * Calendar.MICROS_PER_DAY;
    private static final long END = Calendar.toDays(10_000, 1, 1) * Calendar.MICROS_PER_DAY;

    /// What stands at a place of the text.
    private sealed interface Part {
        record Text(byte[] bytes) implements Part {}

        /// @param width how many digits there are at least
        record Field(char letter, int width) implements Part {}
    }

    private final List<Part> parts;
    private final int mostBytes;

    private PlainPattern(List<Part> parts) {
        this.parts = parts;
        this.mostBytes = parts.stream()
                .mapToInt(part -> switch (part) {
                    case Part.Text(byte[] bytes) -> bytes.length;
                    case Part.Field(char _, int width) -> Math.max(width, 2);
                })
                .sum();
    }

    /// Whether a local time, in microseconds since the epoch, is of those years.
    static boolean canWrite(long localMicros) {
        return localMicros >= FIRST && localMicros < END;
    }

    /// @return empty if a part of the pattern is something else, such as a name
    static Optional<PlainPattern> of(String pattern) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            int end = at + 1;
            if (Character.isLetter(c)) {
                while (end < pattern.length() && pattern.charAt(end) == c) {
                    end++;
                }
                if (!isPlain(c, end - at)) {
                    return Optional.empty();
                }
                parts.add(new Part.Field(c, end - at));
            } else if (c == '\'') {
                end = pattern.indexOf('\'', at + 1) + 1;
                boolean constant = end > at + 2 && (end == pattern.length() || pattern.charAt(end) != '\'');
                if (!constant) {
                    return Optional.empty();
                }
                parts.add(text(pattern.substring(at + 1, end - 1)));
            } else if ("[]{}#".indexOf(c) >= 0) {
                return Optional.empty();
            } else {
                parts.add(text(String.valueOf(c)));
            }
            at = end;
        }
        return Optional.of(new PlainPattern(parts));
    }

    private static Part text(String text) {
        return new Part.Text(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isPlain(char letter, int width) {
        return switch (letter) {
            case 'y' -> width == 4;
            case 'M', 'd', 'H', 'm', 's' -> width <= 2;
            case 'S' -> width <= 9;
            default -> false;
        };
    }

    /// @param localMicros a time that can be written
    Slice write(long localMicros) {
        byte[] out = new byte[mostBytes];
        long days = Math.floorDiv(localMicros, Calendar.MICROS_PER_DAY);
        long ofDay = localMicros - days * Calendar.MICROS_PER_DAY;
        int second = (int) (ofDay / Calendar.MICROS_PER_SECOND);
        int end = 0;
        for (Part part : parts) {
            switch (part) {
                case Part.Text(byte[] bytes) -> {
                    System.arraycopy(bytes, 0, out, end, bytes.length);
                    end += bytes.length;
                }
                case Part.Field(char letter, int width) ->
                    end = switch (letter) {
                        case 'y' -> digits(out, end, Calendar.year(days), width);
                        case 'M' -> digits(out, end, Calendar.month(days), width);
                        case 'd' -> digits(out, end, Calendar.day(days), width);
                        case 'H' -> digits(out, end, second / 3600, width);
                        case 'm' -> digits(out, end, second / 60 % 60, width);
                        case 's' -> digits(out, end, second % 60, width);
                        default -> fraction(out, end, (int) (ofDay % Calendar.MICROS_PER_SECOND), width);
                    };
            }
        }
        return Slice.of(out, 0, end);
    }

    private static int digits(byte[] out, int from, int value, int width) {
        int count = Math.max(width, value < 10 ? 1 : 2);
        int rest = value;
        for (int i = count - 1; i >= 0; i--) {
            out[from + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return from + count;
    }

    private static int fraction(byte[] out, int from, int micros, int width) {
        int rest = micros;
        int unit = 100_000;
        for (int i = 0; i < width; i++) {
            out[from + i] = (byte) ('0' + (unit == 0 ? 0 : rest / unit));
            rest = unit == 0 ? 0 : rest % unit;
            unit /= 10;
        }
        return from + width;
    }
}

package dev.headrace;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/// Reads amounts of memory such as `512m` and `4g`.
final class MemorySize {
    private MemorySize() {}

    /// Sixty percent of the machine's memory.
    static long byDefault() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? machine.getTotalMemorySize() / 10 * 6
                : Runtime.getRuntime().maxMemory();
    }

    static long parse(String key, String text) {
        String lower = text.trim().toLowerCase(Locale.ROOT).replaceFirst("i?b$", "");
        long unit = switch (lower.isEmpty() ? ' ' : lower.charAt(lower.length() - 1)) {
            case 'k' -> 1L << 10;
            case 'm' -> 1L << 20;
            case 'g' -> 1L << 30;
            case 't' -> 1L << 40;
            default -> 1;
        };
        String number = unit == 1 ? lower : lower.substring(0, lower.length() - 1);
        try {
            long bytes = Math.multiplyExact(Long.parseLong(number.trim()), unit);
            if (bytes > 0) {
                return bytes;
            }
        } catch (NumberFormatException | ArithmeticException notASize) {
            throw RuntimeConfig.invalid(key, text, "an amount of memory such as '512m' or '4g'");
        }
        throw RuntimeConfig.invalid(key, text, "more than nothing");
    }
}

package dev.headrace.protobuf;

import java.io.ByteArrayOutputStream;

/// The default of a field of bytes, as descriptors have it: ASCII, with others as `\n`, `\"`, `\\` and octal `\377`.
final class EscapedBytes {
    private EscapedBytes() {}

    static byte[] of(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\\' || at == text.length()) {
                out.write(c);
                continue;
            }
            char escaped = text.charAt(at++);
            if (isOctal(escaped)) {
                int value = escaped - '0';
                for (int digits = 1; digits < 3 && at < text.length() && isOctal(text.charAt(at)); digits++) {
                    value = value * 8 + text.charAt(at++) - '0';
                }
                out.write(value);
            } else {
                out.write(
                        switch (escaped) {
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case 't' -> '\t';
                            default -> escaped;
                        });
            }
        }
        return out.toByteArray();
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
    }
}

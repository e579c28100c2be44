package dev.headrace.function;

import dev.headrace.chunk.Slice;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Digests and checksums.
public final class HashFunctions {
    private HashFunctions() {}

    public static Slice md5(Slice bytes) {
        return digest("MD5", bytes);
    }

    public static Slice sha1(Slice bytes) {
        return digest("SHA-1", bytes);
    }

    public static @Nullable Slice sha2(Slice bytes, int bits) {
        return switch (bits) {
            case 0, 256 -> digest("SHA-256", bytes);
            case 224, 384, 512 -> digest("SHA-" + bits, bytes);
            default -> null;
        };
    }

    private static Slice digest(String algorithm, Slice bytes) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(bytes.bytes());
            return Slice.utf8(HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has " + algorithm, impossible);
        }
    }

    public static long crc32(Slice bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes.bytes());
        return crc.getValue();
    }
}

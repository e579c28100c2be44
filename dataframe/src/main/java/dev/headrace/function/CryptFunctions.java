package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// AES. The result begins with the initial vector, in the modes that have one.
public final class CryptFunctions {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TAG_BITS = 128;
    private static final Slice NONE = Slice.of(new byte[0]);

    private CryptFunctions() {}

    private enum Mode {
        ECB("AES/ECB/PKCS5Padding", 0),
        CBC("AES/CBC/PKCS5Padding", 16),
        GCM("AES/GCM/NoPadding", 12);

        private final String transformation;
        private final int vectorLength;

        Mode(String transformation, int vectorLength) {
            this.transformation = transformation;
            this.vectorLength = vectorLength;
        }

        private static Mode of(Slice mode, Slice padding) {
            String name = mode.toString().toUpperCase(Locale.ROOT);
            String pad = padding.toString().toUpperCase(Locale.ROOT);
            for (Mode known : values()) {
                if (known.name().equals(name) && (pad.equals("DEFAULT") || (pad.equals("NONE") == (known == GCM)))) {
                    return known;
                }
            }
            throw new DataException(
                    "UNSUPPORTED_AES_MODE",
                    "AES with the mode '" + mode + "' and the padding '" + padding
                            + "' is not supported. Use GCM/NONE, CBC/PKCS or ECB/PKCS.");
        }

        private @Nullable AlgorithmParameterSpec vector(byte[] vector) {
            return switch (this) {
                case ECB -> null;
                case CBC -> new IvParameterSpec(vector);
                case GCM -> new GCMParameterSpec(TAG_BITS, vector);
            };
        }
    }

    public static Slice encrypt(Slice value, Slice key) {
        return encrypt(value, key, Slice.utf8("GCM"));
    }

    public static Slice encrypt(Slice value, Slice key, Slice mode) {
        return encrypt(value, key, mode, Slice.utf8("DEFAULT"));
    }

    public static Slice encrypt(Slice value, Slice key, Slice mode, Slice padding) {
        return encrypt(value, key, mode, padding, NONE);
    }

    public static Slice encrypt(Slice value, Slice key, Slice mode, Slice padding, Slice vector) {
        return encrypt(value, key, mode, padding, vector, NONE);
    }

    /// @param vector the initial vector; a random one if it is empty
    /// @param authenticated bytes that are not encrypted, but must be given again to decrypt; for GCM
    public static Slice encrypt(Slice value, Slice key, Slice mode, Slice padding, Slice vector, Slice authenticated) {
        Mode known = Mode.of(mode, padding);
        byte[] initial = vector.bytes();
        if (initial.length == 0) {
            initial = new byte[known.vectorLength];
            RANDOM.nextBytes(initial);
        } else if (initial.length != known.vectorLength) {
            throw new DataException(
                    "INVALID_AES_IV_LENGTH",
                    "The initial vector has " + initial.length + " bytes. " + known + " takes " + known.vectorLength
                            + ".");
        }
        byte[] encrypted = run(Cipher.ENCRYPT_MODE, known, key, initial, authenticated, value.bytes());
        byte[] all = Arrays.copyOf(initial, initial.length + encrypted.length);
        System.arraycopy(encrypted, 0, all, initial.length, encrypted.length);
        return Slice.of(all);
    }

    public static Slice decrypt(Slice value, Slice key) {
        return decrypt(value, key, Slice.utf8("GCM"));
    }

    public static Slice decrypt(Slice value, Slice key, Slice mode) {
        return decrypt(value, key, mode, Slice.utf8("DEFAULT"));
    }

    public static Slice decrypt(Slice value, Slice key, Slice mode, Slice padding) {
        return decrypt(value, key, mode, padding, NONE);
    }

    public static Slice decrypt(Slice value, Slice key, Slice mode, Slice padding, Slice authenticated) {
        Mode known = Mode.of(mode, padding);
        byte[] bytes = value.bytes();
        int from = Math.min(known.vectorLength, bytes.length);
        byte[] initial = Arrays.copyOf(bytes, from);
        return Slice.of(run(
                Cipher.DECRYPT_MODE,
                known,
                key,
                initial,
                authenticated,
                Arrays.copyOfRange(bytes, from, bytes.length)));
    }

    public static @Nullable Slice tryDecrypt(Slice value, Slice key) {
        return tryDecrypt(value, key, Slice.utf8("GCM"));
    }

    public static @Nullable Slice tryDecrypt(Slice value, Slice key, Slice mode) {
        return tryDecrypt(value, key, mode, Slice.utf8("DEFAULT"));
    }

    public static @Nullable Slice tryDecrypt(Slice value, Slice key, Slice mode, Slice padding) {
        return tryDecrypt(value, key, mode, padding, NONE);
    }

    public static @Nullable Slice tryDecrypt(Slice value, Slice key, Slice mode, Slice padding, Slice authenticated) {
        try {
            return decrypt(value, key, mode, padding, authenticated);
        } catch (DataException wrong) {
            return null;
        }
    }

    private static byte[] run(int way, Mode mode, Slice key, byte[] vector, Slice authenticated, byte[] input) {
        if (key.length() != 16 && key.length() != 24 && key.length() != 32) {
            throw new DataException(
                    "INVALID_AES_KEY_LENGTH", "The key has " + key.length() + " bytes. It must have 16, 24 or 32.");
        }
        try {
            Cipher cipher = Cipher.getInstance(mode.transformation);
            cipher.init(way, new SecretKeySpec(key.bytes(), "AES"), mode.vector(vector));
            if (mode == Mode.GCM && !authenticated.isEmpty()) {
                cipher.updateAAD(authenticated.bytes());
            }
            return cipher.doFinal(input);
        } catch (GeneralSecurityException failed) {
            throw new DataException(
                    "AES_CRYPTO_ERROR",
                    (way == Cipher.ENCRYPT_MODE ? "aes_encrypt: " : "aes_decrypt: ") + failed.getMessage()
                            + ". The key, the mode or the value is wrong.",
                    failed);
        }
    }
}

package dev.headrace.engine.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// The side file `.NAME.crc` that Hadoop's local file system, and so Spark, keeps for a file: `crc` and a zero byte,
/// the number of bytes per checksum, and one CRC-32 per so many bytes of the file; all numbers four bytes, highest
/// first.
final class HadoopChecksum {

    private static final byte[] MAGIC = "crc\0".getBytes(StandardCharsets.US_ASCII);

    private HadoopChecksum() {}

    static String sideFileOf(String name) {
        return "." + name + ".crc";
    }

    static boolean matches(byte[] sideFile, byte[] content) {
        ByteBuffer sums = ByteBuffer.wrap(sideFile);
        if (sums.remaining() < MAGIC.length + Integer.BYTES) {
            return false;
        }
        for (byte expected : MAGIC) {
            if (sums.get() != expected) {
                return false;
            }
        }
        int bytesPerSum = sums.getInt();
        if (bytesPerSum <= 0) {
            return false;
        }
        for (int start = 0; start < content.length; start += bytesPerSum) {
            CRC32 crc = new CRC32();
            crc.update(content, start, Math.min(bytesPerSum, content.length - start));
            if (sums.remaining() < Integer.BYTES || sums.getInt() != (int) crc.getValue()) {
                return false;
            }
        }
        return !sums.hasRemaining();
    }
}

package dev.headrace.parquet.metadata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Thrift's compact protocol as its specification has it, byte by byte.
class CompactReaderTest {
    private static CompactReader of(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return new CompactReader(bytes, 0, bytes.length);
    }

    /// Reads a structure of one field that is passed over.
    private static void skipAll(CompactReader in) {
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            in.skip();
        }
    }

    @Test
    void fieldsAreFoundByWhatTheirIdsDifferIn() {
        // 1: i32 -1, 3: i64 300, then in the long form 40: i32 64, 41: true, 42: false
        CompactReader in = of("15 01 26 d8 04 05 50 80 01 11 12 00");

        int first = in.firstField();
        assertEquals(1, first);
        assertEquals(-1, in.i32());
        assertEquals(3, in.nextField(first));
        assertEquals(300, in.i64());
        assertEquals(40, in.nextField(3));
        assertEquals(64, in.i32());
        assertEquals(41, in.nextField(40));
        assertTrue(in.bool());
        assertEquals(42, in.nextField(41));
        assertFalse(in.bool());
        assertEquals(0, in.nextField(42));
        assertEquals(12, in.position());
    }

    @Test
    void numbersHaveAllTheirBits() {
        CompactReader in = of("16 ff ff ff ff ff ff ff ff ff 01 15 fe ff ff ff 0f 13 80");

        assertEquals(1, in.firstField());
        assertEquals(Long.MIN_VALUE, in.i64());
        assertEquals(2, in.nextField(1));
        assertEquals(Integer.MAX_VALUE, in.i32());
        assertEquals(3, in.nextField(2));
        assertEquals(-128, in.i8());
    }

    @Test
    void textsAndListsAreRead() {
        CompactReader in = of("18 03 61 c3 a4 19 25 02 04 19 21 01 02 19 18 00 19 f6 0f"
                + " 00 02 04 06 08 0a 0c 0e 10 12 14 16 18 1a 1c 00");

        assertEquals(1, in.firstField());
        assertEquals("aä", in.string());
        assertEquals(2, in.nextField(1));
        assertEquals(2, in.i32s());
        assertEquals(1, in.i32());
        assertEquals(2, in.i32());
        assertEquals(3, in.nextField(2));
        assertArrayEquals(new boolean[] {true, false}, in.bools());
        assertEquals(4, in.nextField(3));
        assertEquals(1, in.binaries());
        assertEquals(0, in.view().remaining());
        assertEquals(5, in.nextField(4));
        assertEquals(15, in.i64s());
        for (int i = 0; i < 15; i++) {
            assertEquals(i, in.i64());
        }
        assertEquals(0, in.nextField(5));
    }

    /// Of each type one, at last a structure with a map of lists and an empty map.
    @Test
    void whatIsUnknownIsPassedOver() {
        CompactReader in = of("11 12 13 07 14 ff 01 15 02 16 02 17 00 00 00 00 00 00 f0 3f 18 02 61 62"
                + " 19 21 01 02 1a 23 05 06 1d 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"
                + " 1c 1b 01 89 01 61 25 02 02 1b 00 00 15 0e 00");
        int fields = 0;
        int last = 0;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            if (id == 13) {
                last = in.i32();
            } else {
                in.skip();
            }
            fields++;
        }

        assertEquals(13, fields);
        assertEquals(7, last);
        assertFalse(in.ended());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // a field, a number, a text, a list that end too early
                "",
                "15",
                "15 80",
                "18 05 61",
                "19 f5 ff ff ff ff 07",
                // a list of structures, of nearly 2^63 and of a negative number of them
                "19 fc ff ff ff ff ff ff ff ff 7f 00 00",
                "19 fc ff ff ff ff ff ff ff ff ff 01 00 00",
                "1b ff ff ff ff 07 88 00"
            })
    void whatGoesBeyondTheEndIsRefused(String hex) {
        CompactReader in = of(hex);

        assertThrows(MalformedMetadataException.class, () -> skipAll(in));
        assertTrue(in.ended());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // no such type, an id of 0, of -1, of 40000; a number of 70 bits
                "1e 00",
                "05 00 02 00",
                "05 01 02 00",
                "05 80 f1 04 02 00",
                "16 ff ff ff ff ff ff ff ff ff ff 01 00",
                // a list of what no type is
                "19 1f 00 00"
            })
    void nonsenseIsRefused(String hex) {
        CompactReader in = of(hex);

        assertThrows(MalformedMetadataException.class, () -> skipAll(in));
        assertFalse(in.ended());
    }

    @Test
    void aFieldOfAnotherTypeIsRefused() {
        CompactReader in = of("15 02 00");
        in.firstField();

        assertEquals(
                "a field of type 5 before byte 1, where type 8 was expected",
                assertThrows(MalformedMetadataException.class, in::string).getMessage());
        assertThrows(MalformedMetadataException.class, in::i64);
        assertThrows(MalformedMetadataException.class, in::bool);
        assertThrows(MalformedMetadataException.class, in::structs);
    }

    @Test
    void deepNestingIsRefused() {
        byte[] structures = new byte[100_000];
        Arrays.fill(structures, (byte) 0x1c);
        byte[] lists = new byte[100_000];
        Arrays.fill(lists, (byte) 0x19);

        for (byte[] bytes : new byte[][] {structures, lists}) {
            assertEquals(
                    "structures nest deeper than 32 levels",
                    assertThrows(
                                    MalformedMetadataException.class,
                                    () -> skipAll(new CompactReader(bytes, 0, bytes.length)))
                            .getMessage());
        }
    }

    @Test
    void randomBytesAreReadOrRefused() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            CompactReader in = new CompactReader(bytes, 0, bytes.length);
            try {
                skipAll(in);
            } catch (MalformedMetadataException refused) {
                assertTrue(in.position() <= bytes.length);
            }
        }
    }
}

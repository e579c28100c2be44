package dev.headrace.parquet.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.IndexPageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;

/// Page headers as Parquet's own library writes them.
class PageHeaderTest {
    private static byte[] bytes(org.apache.parquet.format.PageHeader header) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Util.writePageHeader(header, out);
        return out.toByteArray();
    }

    private static PageHeader read(org.apache.parquet.format.PageHeader header) throws IOException {
        byte[] bytes = bytes(header);
        CompactReader reader = new CompactReader(bytes, 0, bytes.length);
        PageHeader read = PageHeader.read(reader);
        assertEquals(bytes.length, reader.position());
        return read;
    }

    private static org.apache.parquet.format.PageHeader dataPage() {
        return new org.apache.parquet.format.PageHeader(PageType.DATA_PAGE, 5_000, 4_000)
                .setCrc(-7)
                .setData_page_header(new DataPageHeader(99, Encoding.RLE_DICTIONARY, Encoding.RLE, Encoding.BIT_PACKED)
                        .setStatistics(new Statistics()
                                .setMin_value(new byte[300])
                                .setMax_value(new byte[2])
                                .setNull_count(4)));
    }

    private static org.apache.parquet.format.PageHeader dataPageV2() {
        return new org.apache.parquet.format.PageHeader(PageType.DATA_PAGE_V2, 80, 90)
                .setData_page_header_v2(new DataPageHeaderV2(70, 3, 60, Encoding.DELTA_BYTE_ARRAY, 17, 18)
                        .setIs_compressed(false)
                        .setStatistics(new Statistics().setNull_count(3)));
    }

    @Test
    void eachKindIsRead() throws IOException {
        assertEquals(
                new PageHeader(
                        4_000,
                        5_000,
                        -7,
                        new PageHeader.DataPage(99, Encoding.RLE_DICTIONARY, Encoding.RLE, Encoding.BIT_PACKED)),
                read(dataPage()));
        assertEquals(
                new PageHeader(90, 80, null, new PageHeader.DataPageV2(70, Encoding.DELTA_BYTE_ARRAY, 17, 18, false)),
                read(dataPageV2()));
        assertEquals(
                new PageHeader(9, 8, null, new PageHeader.DictionaryPage(7)),
                read(new org.apache.parquet.format.PageHeader(PageType.DICTIONARY_PAGE, 8, 9)
                        .setDictionary_page_header(new DictionaryPageHeader(7, Encoding.PLAIN))));
        assertEquals(
                new PageHeader(3, 2, null, new PageHeader.IndexPage()),
                read(new org.apache.parquet.format.PageHeader(PageType.INDEX_PAGE, 2, 3)
                        .setIndex_page_header(new IndexPageHeader())));
    }

    @Test
    void thePagesOfTheSecondVersionAreCompressedUnlessTheySayOtherwise() throws IOException {
        org.apache.parquet.format.PageHeader header = dataPageV2();
        header.getData_page_header_v2().unsetIs_compressed();

        assertTrue(((PageHeader.DataPageV2) read(header).page()).compressed());
    }

    @Test
    void aPageWithoutTheHeaderOfItsKindIsRefused() {
        assertEquals(
                "a page of type 3 without the header of one",
                assertThrows(
                                MalformedMetadataException.class,
                                () -> read(new org.apache.parquet.format.PageHeader(PageType.DATA_PAGE_V2, 2, 3)))
                        .getMessage());
    }

    @Test
    void aHeaderCutShortIsSaidToEnd() throws IOException {
        byte[] bytes = bytes(dataPage());
        for (int length = 0; length < bytes.length; length++) {
            CompactReader reader = new CompactReader(bytes, 0, length);
            assertThrows(MalformedMetadataException.class, () -> PageHeader.read(reader));
            assertTrue(reader.ended());
        }
    }

    @Test
    void damagedHeadersAreReadOrRefused() throws IOException {
        Random random = new Random(6);
        for (byte[] bytes : new byte[][] {bytes(dataPage()), bytes(dataPageV2())}) {
            for (int i = 0; i < 5_000; i++) {
                byte[] damaged = bytes.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                try {
                    PageHeader.read(new CompactReader(damaged, 0, damaged.length));
                } catch (MalformedMetadataException refused) {
                    assertTrue(refused.getMessage().length() > 10, refused.getMessage());
                }
            }
        }
    }
}

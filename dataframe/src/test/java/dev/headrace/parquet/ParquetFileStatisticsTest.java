package dev.headrace.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;

class ParquetFileStatisticsTest {
    private static final PrimitiveType TEXT = Types.optional(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("s");

    @Test
    void aRowGroupWithValuesAndNoBoundsLeavesTheFileWithoutAny() {
        BlockMetaData bounded = group(10, 2, "a", "b");
        BlockMetaData unbounded = group(10, 2, null, null);
        BlockMetaData nulls = group(10, 10, null, null);
        assertEquals(new ParquetFileStatistics.Values(4, Optional.empty(), Optional.empty()), of(bounded, unbounded));
        assertEquals(new ParquetFileStatistics.Values(4, Optional.empty(), Optional.empty()), of(unbounded, bounded));
        assertEquals(
                "b",
                ((ParquetFileStatistics.Values) of(bounded, nulls))
                        .max()
                        .orElseThrow()
                        .toString());
    }

    private static ParquetFileStatistics.Column of(BlockMetaData... groups) {
        return ParquetFileStatistics.of(new StructType().add("s", "string"), List.of(groups), 100)
                .columns()
                .get("s");
    }

    private static BlockMetaData group(long rows, long nulls, String least, String greatest) {
        Statistics.Builder statistics = Statistics.getBuilderForReading(TEXT).withNumNulls(nulls);
        if (least != null) {
            statistics
                    .withMin(least.getBytes(StandardCharsets.UTF_8))
                    .withMax(greatest.getBytes(StandardCharsets.UTF_8));
        }
        BlockMetaData group = new BlockMetaData();
        group.setRowCount(rows);
        group.addColumn(ColumnChunkMetaData.get(
                ColumnPath.get("s"),
                TEXT,
                CompressionCodecName.UNCOMPRESSED,
                null,
                Set.of(Encoding.PLAIN),
                statistics.build(),
                4,
                0,
                rows,
                10,
                10));
        return group;
    }
}

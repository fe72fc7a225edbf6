package dev.tangents.job.io.tile;

import dev.tangents.exec.Precision;
import dev.tangents.job.io.parquet.NumbersColumn;
import dev.tangents.job.io.parquet.PagedColumn;
import dev.tangents.job.plan.Tile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.parquet.bytes.ByteBufferReleaser;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** What the records of a tile's file are, by its schema, its counts and its statistics. */
final class TileFooter {
  private final MessageType schema;
  private final List<BlockMetaData> groups;

  private TileFooter(ParquetFileReader file) {
    this.schema = file.getFileMetaData().getSchema();
    this.groups = file.getRowGroups();
  }

  /**
   * What the file says that it holds; whether it does shows when it is read.
   *
   * @throws IllegalArgumentException if no tile has such a footer
   */
  static TileRecords records(ParquetFileReader file) throws IOException {
    TileFooter footer = new TileFooter(file);
    long count = file.getRecordCount();
    long rows = footer.most("row") - footer.least("row") + 1;
    TileValues.Form form = footer.form();
    int outputs =
        switch (form) {
          case SINGLE -> 1;
          case PER_OUTPUT -> Math.toIntExact(footer.most("output") + 1);
          case FULL -> Math.toIntExact(footer.most("row_output") + 1);
        };
    Cells single = new Cells(form, outputs, List.of(""));
    long components = count / (rows * single.blocks());
    boolean named = footer.schema.containsField(Cells.COMPONENT);
    List<String> names = named ? footer.names(file, components) : single.components();
    TileRecords records =
        new TileRecords(
            new Tile((int) footer.least("row_block"), (int) footer.least("col_block")),
            footer.least("row"),
            footer.least("col_start"),
            Math.toIntExact(rows),
            Math.toIntExact(footer.values() / count),
            single.of(names),
            footer.precision());
    NumbersColumn none =
        new NumbersColumn(records.precision(), records.columns(), (first, n, page) -> {});
    Type[] expected = records.columns(none).stream().map(PagedColumn::type).toArray(Type[]::new);
    if (count != records.count() || !footer.schema.getFields().equals(List.of(expected))) {
      throw new IllegalArgumentException(
          "no tile has %d records of %s".formatted(count, footer.schema));
    }
    return records;
  }

  private TileValues.Form form() {
    if (schema.containsField("output")) {
      return TileValues.Form.PER_OUTPUT;
    }
    return schema.containsField("row_output") ? TileValues.Form.FULL : TileValues.Form.SINGLE;
  }

  private Precision precision() {
    PrimitiveTypeName element =
        schema
            .getType(NumbersColumn.NAME, "list", "element")
            .asPrimitiveType()
            .getPrimitiveTypeName();
    return element == PrimitiveTypeName.FLOAT ? Precision.FLOAT : Precision.DOUBLE;
  }

  private long least(String column) {
    return statistics(column)
        .mapToLong(statistics -> ((Number) statistics.genericGetMin()).longValue())
        .min()
        .orElseThrow();
  }

  private long most(String column) {
    return statistics(column)
        .mapToLong(statistics -> ((Number) statistics.genericGetMax()).longValue())
        .max()
        .orElseThrow();
  }

  private Stream<Statistics<?>> statistics(String column) {
    return chunks(column)
        .map(
            chunk -> {
              Statistics<?> statistics = chunk.getStatistics();
              if (statistics == null || !statistics.hasNonNullValue()) {
                throw new IllegalArgumentException("column " + column + " has no statistics");
              }
              return statistics;
            });
  }

  private long values() {
    return chunks(NumbersColumn.NAME + ".list.element")
        .mapToLong(ColumnChunkMetaData::getValueCount)
        .sum();
  }

  private Stream<ColumnChunkMetaData> chunks(String column) {
    return groups.stream()
        .flatMap(group -> group.getColumns().stream())
        .filter(chunk -> chunk.getPath().toDotString().equals(column));
  }

  /** The first names in the column of components, which is read alone and no further. */
  private List<String> names(ParquetFileReader file, long count) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    MessageType alone = new MessageType(schema.getName(), schema.getType(Cells.COMPONENT));
    file.setRequestedSchema(alone);
    for (int group = 0; group < groups.size() && names.size() < count; group++) {
      PageReader pages = file.readRowGroup(group).getPageReader(alone.getColumns().get(0));
      for (DataPage page = pages.readPage();
          page instanceof DataPageV2 data && names.size() < count;
          page = pages.readPage()) {
        take(data.getData(), count, names);
      }
    }
    file.setRequestedSchema(schema);
    return new ArrayList<>(names);
  }

  private static void take(BytesInput page, long count, Set<String> names) {
    try (ByteBufferReleaser releaser =
        new ByteBufferReleaser(HeapByteBufferAllocator.getInstance())) {
      ByteBuffer bytes = page.toByteBuffer(releaser).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining() && names.size() < count) {
        byte[] name = new byte[bytes.getInt()];
        bytes.get(name);
        names.add(new String(name, StandardCharsets.UTF_8));
      }
    }
  }
}

package dev.tangents.job.io.tile;

import dev.tangents.job.io.parquet.PagedColumn;
import dev.tangents.job.io.parquet.ScalarColumn;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What there is for one pair of samples: a number for each block and component. Records of a file
 * go by row, then block, then component.
 *
 * @param form how blocks are named
 * @param outputs O
 * @param components names; one empty name if they are not kept apart
 */
public record Cells(TileValues.Form form, int outputs, List<String> components)
    implements Serializable {
  /** Name of the column of components. */
  static final String COMPONENT = "component";

  /** Copies the list. */
  public Cells {
    components = List.copyOf(components);
  }

  /** Number of blocks. */
  public int blocks() {
    return switch (form) {
      case SINGLE -> 1;
      case PER_OUTPUT -> outputs;
      case FULL -> Math.multiplyExact(outputs, outputs);
    };
  }

  /** Records of one row. */
  public int count() {
    return Math.multiplyExact(blocks(), components.size());
  }

  /** Row of a record, counted from 0. */
  public long row(long record) {
    return record / count();
  }

  /** Block of a record. */
  public int block(long record) {
    return (int) (record / components.size() % blocks());
  }

  /** Component of a record. */
  public int component(long record) {
    return (int) (record % components.size());
  }

  /** A block's mirror image: row and column outputs exchanged. */
  public int mirrored(int block) {
    return form == TileValues.Form.FULL ? block % outputs * outputs + block / outputs : block;
  }

  /** Whether components are kept apart. */
  public boolean named() {
    return !components.equals(List.of(""));
  }

  /** These cells of some components alone. */
  public Cells of(List<String> some) {
    return new Cells(form, outputs, some);
  }

  /** The columns that tell blocks and components apart. */
  public List<PagedColumn> columns() {
    List<PagedColumn> columns = new ArrayList<>();
    switch (form) {
      case SINGLE -> {}
      case PER_OUTPUT -> columns.add(ScalarColumn.integer("output", this::block));
      case FULL -> {
        columns.add(ScalarColumn.integer("row_output", record -> block(record) / outputs));
        columns.add(ScalarColumn.integer("col_output", record -> block(record) % outputs));
      }
    }
    if (named()) {
      columns.add(ScalarColumn.text(COMPONENT, components, this::component));
    }
    return columns;
  }
}

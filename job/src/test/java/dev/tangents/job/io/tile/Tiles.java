package dev.tangents.job.io.tile;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.tile.TileValues.Form;
import dev.tangents.job.plan.Tile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Tiles of distinct numbers, rows from 1000 and columns from 2000, and their files. */
final class Tiles {
  static final Configuration HADOOP = new Configuration();
  static final Tile TILE = new Tile(1, 2);

  private Tiles() {}

  /** A tile whose numbers count from 1 in order of component, block, row, column. */
  static TileValues values(
      Form form, int outputs, int components, int rows, int columns, Precision precision) {
    int blocks = new Cells(form, outputs, List.of("")).blocks();
    Shape shape = Shape.of(blocks, rows, columns);
    List<HostTensor> tensors = new ArrayList<>();
    int next = 1;
    for (int i = 0; i < components; i++) {
      double[] numbers = new double[shape.intSize()];
      for (int k = 0; k < numbers.length; k++) {
        numbers[k] = next++;
      }
      HostTensor wide = HostTensor.of(shape, numbers);
      tensors.add(precision == Precision.FLOAT ? HostTensor.of(shape, wide.floats()) : wide);
    }
    return new TileValues(form, outputs, tensors);
  }

  /** One block of floats. */
  static TileValues trace(int rows, int columns) {
    return values(Form.SINGLE, 1, 1, rows, columns, Precision.FLOAT);
  }

  /** Names of so many components, the only one of which has none. */
  static List<String> names(int components) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < components; i++) {
      names.add(components == 1 ? "" : "l\u00e4yer/" + i);
    }
    return names;
  }

  /** Writes the tile and returns its file. */
  static Path write(Path folder, Compression compression, TileValues values) throws IOException {
    return write(folder, 7, compression, values, Map.of("tangents.residual", "1e-7"));
  }

  /** Writes the tile and returns its file. */
  static Path write(
      Path folder,
      long attempt,
      Compression compression,
      TileValues values,
      Map<String, String> facts)
      throws IOException {
    TileWriter.Form form =
        new TileWriter.Form(
            names(values.components().size()),
            values.components().get(0).precision(),
            compression,
            Map.of("tangents.hash", "h"));
    new TileWriter(HADOOP, new org.apache.hadoop.fs.Path(folder.toString()), attempt, form)
        .write(TILE, 1000, 2000, values, facts);
    return folder.resolve(TILE.fileName());
  }
}

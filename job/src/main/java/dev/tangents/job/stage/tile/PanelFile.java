package dev.tangents.job.stage.tile;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.job.io.panel.FactorFile;
import dev.tangents.job.io.panel.PanelFault;
import dev.tangents.job.io.panel.PanelReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A panel in the output's folder: its samples, and its factors where they are stored. */
final class PanelFile implements PanelSource {
  private final Configuration hadoop;
  private final Path path;
  private final int rows;
  private final int width;
  private final Precision precision;
  private final Optional<IntFunction<Path>> factors;

  private PanelFile(
      Configuration hadoop,
      Path path,
      int rows,
      int width,
      Precision precision,
      Optional<IntFunction<Path>> factors) {
    this.hadoop = hadoop;
    this.path = path;
    this.rows = rows;
    this.width = width;
    this.precision = precision;
    this.factors = factors;
  }

  /** A panel of {@code rows} samples of {@code width} numbers, without factors. */
  PanelFile(Configuration hadoop, Path path, int rows, int width, Precision precision) {
    this(hadoop, path, rows, width, precision, Optional.empty());
  }

  /** This panel with stored factors, in a file for each pass of the plan. */
  PanelFile with(IntFunction<Path> files) {
    return new PanelFile(hadoop, path, rows, width, precision, Optional.of(files));
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public HostTensor read() throws IOException {
    return PanelFault.explained(
        path, () -> PanelReader.features(hadoop, path, rows, width, precision));
  }

  @Override
  public Optional<FactorFile> factors(int pass) throws IOException {
    if (factors.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(FactorFile.open(hadoop, factors.get().apply(pass), precision));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }
}

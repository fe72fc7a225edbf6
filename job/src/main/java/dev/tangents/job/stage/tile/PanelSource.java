package dev.tangents.job.stage.tile;

import dev.tangents.exec.HostTensor;
import dev.tangents.job.io.panel.FactorFile;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Where a panel comes from. */
interface PanelSource {
  /** Name that tells this panel from all others of the run. */
  String name();

  /** Number of its samples. */
  int rows();

  /** Reads its samples, [rows, D]. */
  HostTensor read() throws IOException;

  /** Its factors of a pass, where they are stored; the caller closes them. */
  Optional<FactorFile> factors(int pass) throws IOException;

  /**
   * This panel, with its reading timed.
   *
   * @param nanos is told how long each reading of its samples took
   */
  default PanelSource timed(LongConsumer nanos) {
    PanelSource source = this;
    return new PanelSource() {
      @Override
      public String name() {
        return source.name();
      }

      @Override
      public int rows() {
        return source.rows();
      }

      @Override
      public HostTensor read() throws IOException {
        long start = System.nanoTime();
        HostTensor samples = source.read();
        nanos.accept(System.nanoTime() - start);
        return samples;
      }

      @Override
      public Optional<FactorFile> factors(int pass) throws IOException {
        return source.factors(pass);
      }
    };
  }
}

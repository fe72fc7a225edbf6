package dev.tangents.job.stage.tile;

import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Shape;
import dev.tangents.job.io.panel.FactorFile;
import java.util.Optional;
import java.util.Random;

/** A panel of random samples, the same whenever it is read. */
record RandomPanel(String name, int rows, int width, long seed) implements PanelSource {
  @Override
  public HostTensor read() {
    float[] numbers = new float[rows * width];
    Random random = new Random(seed);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return HostTensor.of(Shape.of(rows, width), numbers);
  }

  @Override
  public Optional<FactorFile> factors(int pass) {
    return Optional.empty();
  }
}

package dev.tangents.job.bench.network;

import static dev.tangents.op.elementwise.Relu.relu;
import static dev.tangents.op.shape.Reshape.reshape;

import dev.tangents.ir.Value;
import java.util.List;
import java.util.stream.Collectors;

/** Dense layers with ReLU between them. */
public final class Perceptron {
  private Perceptron() {}

  /**
   * The network of these widths, such as 784, 1024, 1024, 10.
   *
   * @param widths D, those of the hidden layers, O; at least two numbers
   */
  public static RandomNetwork of(List<Long> widths) {
    Layers layers = new Layers(widths.get(0));
    Value x = reshape(layers.input(), 1, widths.get(0));
    int last = widths.size() - 1;
    for (int i = 1; i < last; i++) {
      x = relu(layers.dense("layer" + i, x, widths.get(i), 2));
    }
    String name = widths.stream().map(String::valueOf).collect(Collectors.joining("-"));
    return layers.network("MLP " + name, layers.readout("readout", x, widths.get(last)));
  }
}

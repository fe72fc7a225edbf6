package dev.tangents.job.testkit;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.exec.nd4j.Nd4jEngine;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine on the processor that has the arithmetics of a GPU: a graph that is prepared in a
 * reduced one runs on inputs that were rounded to BF16. Of a tile these are the operands of its
 * products, as tensor cores take them.
 */
public final class RoundingEngine implements Engine {
  private final Nd4jEngine strict = new Nd4jEngine(Precision.FLOAT);

  @Override
  public String describe() {
    return strict.describe();
  }

  @Override
  public Precision precision() {
    return strict.precision();
  }

  @Override
  public DeviceTensor allocate(Shape shape) {
    return strict.allocate(shape);
  }

  @Override
  public Executable prepare(Graph graph, Weights weights) {
    return strict.prepare(graph, weights);
  }

  @Override
  public Executable prepare(Graph graph, Weights weights, Arithmetic arithmetic) {
    Executable exact = strict.prepare(graph, weights);
    return arithmetic == Arithmetic.STRICT ? exact : new Rounding(exact);
  }

  private final class Rounding implements Executable {
    private final Executable exact;

    Rounding(Executable exact) {
      this.exact = exact;
    }

    @Override
    public void run(List<DeviceTensor> inputs, List<DeviceTensor> outputs) {
      List<DeviceTensor> rounded = new ArrayList<>();
      for (DeviceTensor input : inputs) {
        float[] numbers = input.read().floats().clone();
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = rounded(numbers[i]);
        }
        rounded.add(allocate(input.shape()));
        rounded.get(rounded.size() - 1).write(HostTensor.of(input.shape(), numbers));
      }
      exact.run(rounded, outputs);
      rounded.forEach(DeviceTensor::close);
    }

    @Override
    public long bytes() {
      return exact.bytes();
    }

    @Override
    public void close() {
      exact.close();
    }
  }

  private static float rounded(float x) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(x) + 0x8000) & 0xFFFF0000);
  }

  @Override
  public void close() {
    strict.close();
  }
}

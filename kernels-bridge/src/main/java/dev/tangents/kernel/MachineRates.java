package dev.tangents.kernel;

import static dev.tangents.op.elementwise.Mul.mul;
import static dev.tangents.op.linalg.MatMul.matMul;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Measures {@link Rates} of an engine, in about a tenth of a second. */
public final class MachineRates {
  private static final int PRODUCT = 768;

  /** Rows of a matrix that no cache below the last holds: 16 MiB of floats. */
  private static final int PASS = 2048;

  private static final int TURNS = 4;

  private MachineRates() {}

  /** The rates of one thread of an engine as it is loaded now. */
  public static Rates of(Engine engine) {
    int width = engine.precision().bytes();
    double product = seconds(engine, PRODUCT, (a, b) -> matMul(a, b));
    double stream = seconds(engine, PASS, (a, b) -> mul(a, b));
    double move = seconds(engine, PASS, (a, b) -> transpose(a, 1, 0));
    double call = seconds(engine, 1, (a, b) -> mul(a, b));
    double numbers = (double) PASS * PASS;
    return new Rates(
        2.0 * PRODUCT * PRODUCT * PRODUCT / product,
        3 * numbers * width / stream,
        2 * numbers * width / move,
        call);
  }

  private static double seconds(Engine engine, int rows, BiFunction<Value, Value, Value> step) {
    GraphBuilder builder = new GraphBuilder();
    TensorType type = TensorType.real(rows, rows);
    Value y = step.apply(builder.input("a", type), builder.input("b", type));
    List<DeviceTensor> tensors = new ArrayList<>();
    try (Executable executable = engine.prepare(builder.build(y), Weights.none())) {
      Shape shape = type.shape();
      float[] numbers = new float[shape.intSize()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i % 1021; // whatever a product takes as long for as for any other
      }
      for (int i = 0; i < 3; i++) { // two operands and the result
        tensors.add(engine.allocate(shape));
        tensors.get(i).write(HostTensor.of(shape, numbers));
      }
      long best = Long.MAX_VALUE;
      for (int turn = 0; turn < TURNS; turn++) {
        long start = System.nanoTime();
        executable.run(tensors.subList(0, 2), tensors.subList(2, 3));
        best = Math.min(best, Math.max(1, System.nanoTime() - start));
      }
      return best / 1e9;
    } finally {
      tensors.forEach(DeviceTensor::close);
    }
  }
}

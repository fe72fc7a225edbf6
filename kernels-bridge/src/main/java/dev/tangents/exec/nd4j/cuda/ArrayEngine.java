package dev.tangents.exec.nd4j.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.Precision;
import dev.tangents.exec.reference.ReferenceFolder;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import dev.tangents.transform.Simplify;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs graphs by ND4J's operations on whole arrays and by nothing else, so on whatever its backend
 * computes: tests run it on the CPU. It plans no memory; an array lives from its computation to its
 * last use.
 */
final class ArrayEngine implements Engine {
  private final Precision precision;
  private final String description;
  private final AtomicLong live = new AtomicLong();
  private final ArrayKernels kernels = ArrayKernels.standard();

  ArrayEngine(Precision precision, String description) {
    this.precision = precision;
    this.description = description;
  }

  /** The primitives that it can compute. */
  Set<Class<? extends Primitive>> supported() {
    return kernels.supported();
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public long liveBytes() {
    return live.get();
  }

  @Override
  public DeviceTensor allocate(Shape shape) {
    INDArray flat =
        Nd4jCudaErrors.translated(
            () -> Nd4j.createUninitialized(type(), Math.max(1, shape.size())));
    long bytes = bytes(List.of(flat));
    live.addAndGet(bytes);
    return new ArrayTensor(
        shape,
        flat,
        () -> {
          close(flat);
          live.addAndGet(-bytes);
        });
  }

  @Override
  public Executable prepare(Graph graph, Weights weights) {
    Graph simple = new Simplify(new ReferenceFolder()).apply(graph);
    requireKernels(simple);
    weights.requireFor(simple);
    Map<Integer, INDArray> fixed = Nd4jCudaErrors.translated(() -> fixed(simple, weights));
    long bytes = bytes(fixed.values());
    live.addAndGet(bytes);
    return new ArrayExecutable(simple, kernels, fixed, () -> live.addAndGet(-bytes));
  }

  @Override
  public void synchronise() {
    Nd4jCudaErrors.translated(
        () -> {
          Nd4j.getExecutioner().commit();
          return null;
        });
  }

  @Override
  public void close() {}

  /** Parameters, constants, and what depends on them alone. */
  private Map<Integer, INDArray> fixed(Graph graph, Weights weights) {
    Map<Integer, INDArray> values = new HashMap<>();
    for (Node node : graph.nodes()) {
      Shape shape = node.type().shape();
      INDArray value =
          node.fold(
              input -> null,
              parameter -> array(weights.get(parameter.name()).toArray(), shape),
              constant -> array(constant.literal().toArray(), shape),
              apply -> {
                List<INDArray> operands = new ArrayList<>();
                apply.arguments().forEach(argument -> operands.add(values.get(argument)));
                return operands.contains(null)
                    ? null
                    : kernels.apply(apply.primitive(), operands, shape);
              });
      if (value != null) {
        values.put(node.id(), value);
      }
    }
    return values;
  }

  private INDArray array(double[] numbers, Shape shape) {
    return Nd4j.createFromArray(numbers).castTo(type()).reshape('c', ArrayKernels.dims(shape));
  }

  private DataType type() {
    return precision == Precision.FLOAT ? DataType.FLOAT : DataType.DOUBLE;
  }

  private void requireKernels(Graph graph) {
    List<String> missing = new ArrayList<>(graph.primitivesBeyond(supported()));
    if (graph.nodes().stream().anyMatch(node -> node.type().shape().size() == 0)) {
      missing.add("tensors without elements");
    }
    if (!missing.isEmpty()) {
      throw TangentsException.model(
          "ND4J CUDA engine: no kernel for %s. Use --engine nd4j, on the CPU, or leave these layers out",
          missing);
    }
  }

  /** Frees an array, unless it is one of those that ND4J keeps. */
  static void close(INDArray array) {
    if (array.closeable()) {
      array.close();
    }
  }

  static long bytes(Collection<INDArray> arrays) {
    return arrays.stream().mapToLong(array -> array.length() * array.dataType().width()).sum();
  }
}

package dev.tangents.exec.reference;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Engine;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Weights;
import dev.tangents.op.Primitives;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Evaluates a graph node by node, exactly as it is written, in double. */
public final class ReferenceEngine implements Engine {
  private final ReferenceKernels kernels = ReferenceKernels.standard();

  /** The primitives that it can compute, for the completeness test against {@link Primitives}. */
  public Set<Class<? extends Primitive>> supported() {
    return kernels.supported();
  }

  @Override
  public String describe() {
    return "reference (plain Java, double)";
  }

  @Override
  public Precision precision() {
    return Precision.DOUBLE;
  }

  @Override
  public DeviceTensor allocate(Shape shape) {
    return new JavaTensor(shape, new double[shape.intSize()], 0);
  }

  @Override
  public Executable prepare(Graph graph, Weights weights) {
    weights.requireFor(graph);
    return new Interpreter(graph, weights);
  }

  @Override
  public void close() {}

  private final class Interpreter implements Executable {
    private final Graph graph;
    private final Weights weights;

    Interpreter(Graph graph, Weights weights) {
      this.graph = graph;
      this.weights = weights;
    }

    @Override
    public void run(List<DeviceTensor> inputs, List<DeviceTensor> outputs) {
      List<double[]> values = new ArrayList<>();
      List<Node.Input> declared = graph.inputs();
      for (Node node : graph.nodes()) {
        values.add(
            node.fold(
                input -> {
                  DeviceTensor given = inputs.get(declared.indexOf(input));
                  if (!given.shape().equals(input.type().shape())) {
                    throw TangentsException.internal(
                        "Input '%s': expected %s, got %s",
                        input.name(), input.type().shape(), given.shape());
                  }
                  return given.read().doubles();
                },
                parameter -> weights.get(parameter.name()).toArray(),
                constant -> constant.literal().toArray(),
                apply -> compute(apply, values)));
      }
      for (int i = 0; i < outputs.size(); i++) {
        outputs
            .get(i)
            .write(HostTensor.of(outputs.get(i).shape(), values.get(graph.outputs().get(i))));
      }
    }

    private double[] compute(Node.Apply apply, List<double[]> values) {
      List<double[]> operands = apply.arguments().stream().map(values::get).toList();
      List<Shape> shapes =
          apply.arguments().stream().map(id -> graph.node(id).type().shape()).toList();
      return kernels.apply(apply.primitive(), operands, shapes, apply.type().shape());
    }

    @Override
    public long bytes() {
      return graph.nodes().stream().mapToLong(n -> n.type().shape().size()).sum() * Double.BYTES;
    }

    @Override
    public void close() {}
  }
}

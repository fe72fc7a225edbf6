package dev.tangents.exec.nd4j.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Executable;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A graph whose nodes are computed one after the other, each into an array of its own that is freed
 * after its last use. What depends on parameters and constants alone is there from the start.
 */
final class ArrayExecutable implements Executable {
  private final Graph graph;
  private final ArrayKernels kernels;

  /** The arrays that are there before a run and after it, by node. */
  private final Map<Integer, INDArray> fixed;

  /** For each node the last one that reads it; for results a number beyond all nodes. */
  private final int[] last;

  private final Runnable onClose;
  private boolean closed;

  ArrayExecutable(
      Graph graph, ArrayKernels kernels, Map<Integer, INDArray> fixed, Runnable onClose) {
    this.graph = graph;
    this.kernels = kernels;
    this.fixed = fixed;
    this.last = last(graph);
    this.onClose = onClose;
  }

  @Override
  public void run(List<DeviceTensor> inputs, List<DeviceTensor> outputs) {
    if (closed) {
      throw TangentsException.internal("Executable: run after it was closed");
    }
    Nd4jCudaErrors.translated(
        () -> {
          compute(inputs, outputs);
          return null;
        });
  }

  private void compute(List<DeviceTensor> inputs, List<DeviceTensor> outputs) {
    Map<Integer, INDArray> values = new HashMap<>(fixed);
    for (int i = 0; i < inputs.size(); i++) {
      Node.Input input = graph.inputs().get(i);
      values.put(input.id(), tensor(input.name(), input.type(), inputs.get(i)).array());
    }
    Map<Integer, INDArray> made = new HashMap<>();
    try {
      for (Node node : graph.nodes()) {
        if (node instanceof Node.Apply apply && !values.containsKey(node.id())) {
          INDArray y = compute(apply, values);
          values.put(node.id(), y);
          made.put(node.id(), y);
          apply.arguments().stream().distinct().forEach(a -> free(made, a, node.id()));
        }
      }
      for (int i = 0; i < outputs.size(); i++) {
        tensor("output " + i, graph.outputTypes().get(i), outputs.get(i))
            .assign(values.get(graph.outputs().get(i)));
      }
    } finally {
      made.values().forEach(ArrayEngine::close);
    }
  }

  private INDArray compute(Node.Apply apply, Map<Integer, INDArray> values) {
    List<INDArray> operands = new ArrayList<>();
    apply.arguments().forEach(argument -> operands.add(values.get(argument)));
    return kernels.apply(apply.primitive(), operands, apply.type().shape());
  }

  private void free(Map<Integer, INDArray> made, int node, int reader) {
    if (last[node] == reader && made.containsKey(node)) {
      ArrayEngine.close(made.remove(node));
    }
  }

  private static int[] last(Graph graph) {
    int[] last = new int[graph.nodes().size()];
    Arrays.fill(last, -1);
    for (Node node : graph.nodes()) {
      if (node instanceof Node.Apply apply) {
        apply.arguments().forEach(argument -> last[argument] = node.id());
      }
    }
    graph.outputs().forEach(id -> last[id] = Integer.MAX_VALUE);
    return last;
  }

  private static ArrayTensor tensor(String what, TensorType type, DeviceTensor tensor) {
    if (!(tensor instanceof ArrayTensor own) || !tensor.shape().equals(type.shape())) {
      throw TangentsException.internal(
          "%s: expected %s on this engine, got %s of %s",
          what, type.shape(), tensor.shape(), tensor.getClass().getSimpleName());
    }
    return own;
  }

  @Override
  public long bytes() {
    return ArrayEngine.bytes(fixed.values());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      fixed.values().forEach(ArrayEngine::close);
      onClose.run();
    }
  }
}

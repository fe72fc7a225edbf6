package dev.tangents.exec.nd4j;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Executable;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A prepared graph: its steps, and the memory that they compute in. */
final class Executing implements Executable {
  private final List<Node.Input> inputs;
  private final List<TensorType> outputTypes;
  private final Frame frame;
  private final List<Step> steps;
  private final List<String> origins;
  private final Outputs results;
  private final List<NativeBuffer> owned;
  private final int threads;
  private final Precision precision;
  private final long bytes;
  private boolean closed;

  /** Nanoseconds of each step, or null while nobody asked. */
  private long[] nanos;

  Executing(
      Graph graph,
      Frame frame,
      List<Step> steps,
      List<String> origins,
      Outputs results,
      List<NativeBuffer> owned,
      int threads,
      Precision precision) {
    this.precision = precision;
    this.inputs = graph.inputs();
    this.outputTypes = graph.outputTypes();
    this.frame = frame;
    this.steps = steps;
    this.origins = origins;
    this.results = results;
    this.owned = owned;
    this.threads = threads;
    this.bytes = owned.stream().mapToLong(NativeBuffer::bytes).sum();
  }

  @Override
  public void run(List<DeviceTensor> given, List<DeviceTensor> outputs) {
    if (closed) {
      throw TangentsException.internal("Executable: run after it was closed");
    }
    Nd4jRuntime.requireThreads(threads);
    requireCount("inputs", inputs.size(), given.size());
    requireCount("outputs", outputTypes.size(), outputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      Node.Input input = inputs.get(i);
      frame.place(input.id(), buffer("Input '" + input.name() + "'", input.type(), given.get(i)));
    }
    for (int i = 0; i < outputs.size(); i++) {
      buffer("Output " + i, outputTypes.get(i), outputs.get(i));
    }
    for (Outputs.Route route : results.computed()) {
      frame.place(route.slot(), ((Nd4jTensor) outputs.get(route.output())).buffer());
    }
    if (nanos == null) {
      steps.forEach(step -> step.run(frame));
    } else {
      runMeasured();
    }
    for (Outputs.Route route : results.copied()) {
      NativeBuffer target = ((Nd4jTensor) outputs.get(route.output())).buffer();
      if (target.length() > 0) {
        target.copy(0, frame.at(route.slot()), 0, target.length());
      }
    }
  }

  private void runMeasured() {
    long before = System.nanoTime();
    for (int i = 0; i < nanos.length; i++) {
      steps.get(i).run(frame);
      long after = System.nanoTime();
      nanos[i] += after - before;
      before = after;
    }
  }

  @Override
  public void measure() {
    nanos = new long[steps.size()];
  }

  @Override
  public Map<String, Long> nanos() {
    Map<String, Long> byOrigin = new HashMap<>();
    for (int i = 0; nanos != null && i < nanos.length; i++) {
      byOrigin.merge(origins.get(i), nanos[i], Long::sum);
    }
    return byOrigin;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    closed = true;
    owned.forEach(NativeBuffer::close);
  }

  private static void requireCount(String what, int expected, int found) {
    if (expected != found) {
      throw TangentsException.internal("Executable: expected %d %s, got %d", expected, what, found);
    }
  }

  private NativeBuffer buffer(String what, TensorType type, DeviceTensor tensor) {
    Shape expected = type.shape();
    if (!tensor.shape().equals(expected)) {
      throw TangentsException.internal("%s: expected %s, got %s", what, expected, tensor.shape());
    }
    if (!(tensor instanceof Nd4jTensor own)) {
      throw TangentsException.internal(
          "%s: expected a tensor of the ND4J engine, got %s",
          what, tensor.getClass().getSimpleName());
    }
    NativeBuffer buffer = own.buffer();
    if (buffer.precision() != precision) {
      throw TangentsException.internal(
          "%s: expected %s numbers, got %s", what, precision, buffer.precision());
    }
    return buffer;
  }
}

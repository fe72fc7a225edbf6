package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Executable;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Node;
import dev.tangents.ir.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A prepared graph on a device. Work is asked for; whoever reads a result waits for it. */
final class Executing implements Executable {
  private final List<Node.Input> inputs;
  private final List<TensorType> outputTypes;
  private final CudaMemory memory;
  private final Prepared prepared;
  private final Recordings recordings;
  private boolean closed;

  /** Measures each step, or null while nobody asked. */
  private Gpu.Clock clock;

  Executing(Graph graph, CudaMemory memory, Prepared prepared) {
    this.inputs = graph.inputs();
    this.outputTypes = graph.outputTypes();
    this.memory = memory;
    this.prepared = prepared;
    this.recordings = new Recordings(memory.gpu());
  }

  @Override
  public void run(List<DeviceTensor> given, List<DeviceTensor> outputs) {
    if (closed) {
      throw TangentsException.internal("Executable: run after it was closed");
    }
    requireCount("inputs", inputs.size(), given.size());
    requireCount("outputs", outputTypes.size(), outputs.size());
    Places places = prepared.places();
    List<Long> addresses = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Node.Input input = inputs.get(i);
      addresses.add(address("Input '" + input.name() + "'", input.type(), given.get(i)));
      places.set(input.id(), addresses.get(i));
    }
    for (int i = 0; i < outputs.size(); i++) {
      addresses.add(address("Output " + i, outputTypes.get(i), outputs.get(i)));
    }
    for (Routes.Route route : prepared.routes().computed()) {
      places.set(route.slot(), addresses.get(inputs.size() + route.output()));
    }
    for (Packing packing : prepared.packings()) {
      CudaTensor factor = (CudaTensor) given.get(packing.input());
      addresses.add(factor.packed(packing.inner(), packing.arithmetic()));
      places.set(packing.slot(), addresses.get(addresses.size() - 1));
    }
    // Not earlier: a factor whose block is an output as well would be packed and count as up to
    // date.
    outputs.forEach(output -> ((CudaTensor) output).written());
    if (clock != null) {
      prepared.plan().run(memory.gpu(), places, clock);
      copyResults(addresses);
    } else {
      recordings.run(addresses, () -> ask(addresses));
    }
    prepared.complaints().check();
  }

  private void ask(List<Long> addresses) {
    prepared.plan().run(memory.gpu(), prepared.places());
    copyResults(addresses);
  }

  private void copyResults(List<Long> addresses) {
    for (Routes.Route route : prepared.routes().copied()) {
      long bytes = outputTypes.get(route.output()).shape().size() * memory.precision().bytes();
      if (bytes > 0) {
        long target = addresses.get(inputs.size() + route.output());
        memory.gpu().copy(target, prepared.places().at(route.slot()), bytes);
      }
    }
  }

  @Override
  public void measure() {
    closeClock();
    clock = memory.gpu().clock(prepared.plan().steps().size());
  }

  @Override
  public Map<String, Long> nanos() {
    Map<String, Long> byOrigin = new HashMap<>();
    long[] nanos = clock == null ? new long[0] : clock.nanos();
    for (int i = 0; i < nanos.length; i++) {
      byOrigin.merge(prepared.plan().steps().get(i).origin(), nanos[i], Long::sum);
    }
    return byOrigin;
  }

  @Override
  public long bytes() {
    return prepared.bytes();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      recordings.close();
      closeClock();
      Prepared.close(prepared.owned());
    }
  }

  private void closeClock() {
    if (clock != null) {
      clock.close();
      clock = null;
    }
  }

  private static void requireCount(String what, int expected, int found) {
    if (expected != found) {
      throw TangentsException.internal("Executable: expected %d %s, got %d", expected, what, found);
    }
  }

  private long address(String what, TensorType type, DeviceTensor tensor) {
    if (!tensor.shape().equals(type.shape())) {
      throw TangentsException.internal(
          "%s: expected %s, got %s", what, type.shape(), tensor.shape());
    }
    if (!(tensor instanceof CudaTensor own)) {
      throw TangentsException.internal(
          "%s: expected a tensor of the CUDA engine, got %s",
          what, tensor.getClass().getSimpleName());
    }
    long address = own.address();
    if (own.precision() != memory.precision()) {
      throw TangentsException.internal(
          "%s: expected %s numbers, got %s", what, memory.precision(), own.precision());
    }
    return address;
  }
}

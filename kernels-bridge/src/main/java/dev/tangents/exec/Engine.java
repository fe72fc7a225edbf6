package dev.tangents.exec;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Graph;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs graphs at one {@link Precision}. The only door to native memory: nothing in this contract
 * names a library, so engines are interchangeable and a test compares any two.
 */
public interface Engine extends AutoCloseable {
  /**
   * Name, library versions and kind of device, for the record of a run. Two engines that are
   * described alike compute the same bits, so it names no device that has equals.
   */
  String describe();

  /** The device itself, by a name that no other has; empty where it is the processor. */
  default Optional<String> device() {
    return Optional.empty();
  }

  /**
   * Whether its tensors can {@link DeviceTensor#copy} those of another engine of the same kind and
   * on the same device, which has done all its work and which another thread uses.
   */
  default boolean shares() {
    return device().isEmpty();
  }

  /** What would make it faster on this machine, in a sentence for the user, if anything would. */
  default Optional<String> advice() {
    return Optional.empty();
  }

  /** What {@link #device} was asked to do since the engine was opened, as far as it counts. */
  default DeviceWork deviceWork() {
    return DeviceWork.NONE;
  }

  /**
   * Floating-point operations a second that {@link #device} can form products with at most, by its
   * data; 0 where that is not known.
   */
  default double peakFlops(Arithmetic arithmetic) {
    return 0;
  }

  /** Width of all numbers. */
  Precision precision();

  /**
   * Memory for a tensor, its contents undefined.
   *
   * @throws TangentsException of category RESOURCE if there is not enough
   */
  DeviceTensor allocate(Shape shape);

  /** Bytes outside of the heap that it holds now: tensors and executables not yet closed. */
  default long liveBytes() {
    return 0;
  }

  /**
   * Checks that memory will suffice, before any of it is taken.
   *
   * @param bytes that will be asked for beside what is in use
   * @param what they are for, for the message
   * @throws TangentsException of category RESOURCE if they are not there
   */
  default void require(long bytes, String what) {}

  /**
   * Plans a graph: all shapes are known, so every buffer is placed now. What depends on parameters
   * and constants alone is computed now, once.
   *
   * @throws TangentsException of category MODEL naming every primitive that has no lowering, or of
   *     category RESOURCE if the plan does not fit in memory
   */
  Executable prepare(Graph graph, Weights weights);

  /**
   * Plans a graph whose products of floats are formed in another arithmetic than the strict one.
   * Only where somebody compares the numbers with strict ones is a graph prepared like this.
   *
   * @throws TangentsException as {@link #prepare(Graph, Weights)}, or of category SETUP if the
   *     engine has no such arithmetic
   */
  default Executable prepare(Graph graph, Weights weights, Arithmetic arithmetic) {
    if (arithmetic != Arithmetic.STRICT) {
      throw TangentsException.setup(
          "precision: %s forms every product strictly; %s needs the engine cuda. Leave --precision out",
          describe(), arithmetic);
    }
    return prepare(graph, weights);
  }

  /**
   * Bytes that are kept beside a factor [rows, inner], for as long as it lives, once a tile in an
   * arithmetic has read it; 0 where tiles read it as it is.
   */
  default long packedBytes(long rows, int inner, Arithmetic arithmetic) {
    return 0;
  }

  /**
   * Rows of a tensor of which views share what is kept beside it, where they begin at a multiple of
   * them.
   */
  default int packedRows(Arithmetic arithmetic) {
    return 1;
  }

  /** Waits until all work asked for is done; at once where it is done when asked for. */
  default void synchronise() {}

  /** Frees what the engine holds for all executables. Closing twice does nothing. */
  @Override
  void close();

  /**
   * Prepares, runs once from Java arrays to Java arrays, and frees everything: for tests and small
   * work.
   */
  default List<HostTensor> evaluate(Graph graph, Weights weights, List<HostTensor> inputs) {
    List<DeviceTensor> in = new ArrayList<>();
    List<DeviceTensor> out = new ArrayList<>();
    try (Executable executable = prepare(graph, weights)) {
      for (int i = 0; i < inputs.size(); i++) {
        in.add(allocate(graph.inputs().get(i).type().shape()));
        in.get(i).write(inputs.get(i));
      }
      for (TensorType type : graph.outputTypes()) {
        out.add(allocate(type.shape()));
      }
      executable.run(in, out);
      return out.stream().map(DeviceTensor::read).toList();
    } finally {
      in.forEach(DeviceTensor::close);
      out.forEach(DeviceTensor::close);
    }
  }
}

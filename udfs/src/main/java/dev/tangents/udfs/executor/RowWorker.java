package dev.tangents.udfs.executor;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostArrays;
import dev.tangents.importer.Model;
import dev.tangents.ir.Weights;
import dev.tangents.rows.RowBatch;
import dev.tangents.rows.RowExecutor;
import dev.tangents.rows.RowPass;
import dev.tangents.rows.SampleInput;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A worker with one prepared pass. */
public final class RowWorker extends Worker {
  /** The rest is for Spark, for samples on their way, and for files being written. */
  private static final double HEAP_SHARE = 0.6;

  private final RowSpec spec;
  private final RowPass pass;
  private final Model model;
  private final Weights weights;
  private RowExecutor executor;

  /**
   * A worker.
   *
   * @param model whose inputs the features are
   * @param weights those of the model, and what else a pass takes by name
   */
  RowWorker(RowSpec spec, RowPass pass, Model model, Weights weights) {
    super(spec, spec.engine(), spec.precision());
    this.spec = spec;
    this.pass = pass;
    this.model = model;
    this.weights = weights;
  }

  /** What is computed. */
  public RowPass pass() {
    return pass;
  }

  /**
   * Records and sums of at most a micro-batch of samples.
   *
   * @param samples what the samples bring along; their features are all D of the model together,
   *     integers behind
   */
  public RowBatch run(Map<SampleInput, List<double[]>> samples) {
    return run(samples, new HostArrays(0));
  }

  /**
   * The same.
   *
   * @param arrays what is made lies in, and may be {@linkplain RowBatch#giveBack given back} to
   */
  public RowBatch run(Map<SampleInput, List<double[]>> samples, HostArrays arrays) {
    Map<SampleInput, List<double[]>> inputs = new EnumMap<>(samples);
    split(inputs, SampleInput.FEATURES, SampleInput.INTEGERS);
    split(inputs, SampleInput.OTHER_FEATURES, SampleInput.OTHER_INTEGERS);
    return onThread(() -> executor().run(inputs, arrays));
  }

  /** Puts the numbers of integer inputs apart, where a model has both kinds. */
  private void split(
      Map<SampleInput, List<double[]>> inputs, SampleInput all, SampleInput integers) {
    if (inputs.containsKey(all) && model.graph().inputs().size() > 1) {
      List<List<double[]>> parts = inputs.get(all).stream().map(model::split).toList();
      inputs.put(all, parts.stream().map(part -> part.get(0)).toList());
      inputs.put(integers, parts.stream().map(part -> part.get(1)).toList());
    }
  }

  /**
   * Allocates everything that a run needs, natively for good, in Java's heap for a moment.
   *
   * @param tasks how many run beside each other in this JVM
   * @throws TangentsException of category RESOURCE if it does not fit
   */
  public void rehearse(int tasks) {
    long heap = Math.multiplyExact(spec.size().heapBytes(pass, spec.precision()), (long) tasks);
    long most = (long) (HEAP_SHARE * Runtime.getRuntime().maxMemory());
    if (heap > most) {
      throw TangentsException.resource(
          "memory: the records in flight of %d tasks take up to %d MiB of Java's heap, of which %d MiB can"
              + " be used. Give executors (or the driver, where it computes) more memory, or lower --memory",
          tasks, heap >> 20, most >> 20);
    }
    onThread(this::executor);
  }

  private RowExecutor executor() {
    if (executor == null) {
      executor = new RowExecutor(engine(), pass, weights, spec.size(), spec.precision());
    }
    return executor;
  }

  @Override
  protected void free() {
    if (executor != null) {
      executor.close();
    }
  }
}

package dev.tangents.job.rows;

import dev.tangents.exec.Precision;
import dev.tangents.importer.Model;
import dev.tangents.ir.Node;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.RowSettings;
import dev.tangents.job.config.Settings;
import dev.tangents.job.plan.Panels;
import dev.tangents.rows.RowPass;
import dev.tangents.rows.RowPlanner;
import dev.tangents.rows.RowRequest;
import dev.tangents.rows.RowSize;
import dev.tangents.udfs.model.ModelSpec;
import dev.tangents.udfs.model.Selections;
import java.util.List;

/**
 * A run over rows as it will be done.
 *
 * @param model the network
 * @param outputs O, those that take part
 * @param parameters those that are differentiated by, where a quantity is by parameters
 * @param requests the quantities, their modes decided
 * @param methods how each is computed, in a few words
 * @param pass the graphs that compute them
 * @param panels the samples, a task each
 * @param fileSamples samples in a file of records; a panel has whole files
 * @param precision width of the numbers
 * @param size samples and lanes that travel together
 */
public record RowPlan(
    Model model,
    long outputs,
    List<String> parameters,
    List<RowRequest> requests,
    List<String> methods,
    RowPass pass,
    Panels panels,
    int fileSamples,
    Precision precision,
    RowSize size) {
  private static final long MIB = 1L << 20;

  /** Bytes of values in a file, unless the user sets its samples. */
  private static final long FILE_BYTES = 256 * MIB;

  /** Most samples in a file, unless the user says otherwise. */
  private static final int MOST_SAMPLES = 8192;

  /** Most panels of a run with sums: each leaves a partial sum to be read. */
  private static final int MOST_SUMS = 64;

  /**
   * Plans a task over {@code samples} samples. What is open is decided by {@link RowPlanner}.
   *
   * @param memory MiB that a task may take
   * @throws dev.tangents.error.TangentsException if the task does not fit the network or the memory
   */
  public static RowPlan of(
      Configuration configuration,
      ModelSpec.Loaded network,
      RowTask task,
      long samples,
      long memory) {
    RowPlanner planner = planner(configuration, network, task, Math.multiplyExact(memory, MIB));
    List<RowRequest> requests = task.requests().stream().map(planner::decided).toList();
    RowPass pass = planner.pass(requests);
    RowSize size = planner.size(pass);
    int fileSamples = fileSamples(configuration, pass, size);
    int panelSamples = panelSamples(configuration, pass, fileSamples, samples);
    return new RowPlan(
        network.model(),
        network.graph().outputTypes().get(0).shape().size(),
        planner.parameters(),
        requests,
        requests.stream().map(r -> RowPlanText.method(r, network.graph())).toList(),
        pass,
        new Panels(samples, panelSamples),
        fileSamples,
        configuration.get(Settings.DTYPE),
        size);
  }

  /** The plan within the memory that the configuration says. */
  public static RowPlan of(
      Configuration configuration, ModelSpec.Loaded network, RowTask task, long samples) {
    return of(configuration, network, task, samples, configuration.get(RowSettings.MEMORY));
  }

  private static RowPlanner planner(
      Configuration configuration, ModelSpec.Loaded network, RowTask task, long bound) {
    List<String> all = network.graph().parameters().stream().map(Node.Parameter::name).toList();
    boolean byParameters =
        task.requests().stream().anyMatch(request -> request.quantity().byParameters());
    long most =
        Math.min(
            configuration.get(Settings.MICRO_BATCH),
            configuration.find(Settings.TILE).orElse(Long.MAX_VALUE));
    return new RowPlanner(
        network.graph(),
        byParameters ? Selections.parameters(task.parameters(), all) : List.of(),
        (int) Math.min(most, 1 << 20),
        bound,
        configuration.get(Settings.DTYPE));
  }

  private static int fileSamples(Configuration configuration, RowPass pass, RowSize size) {
    long bytes = pass.numbers() * configuration.get(Settings.DTYPE).bytes();
    long most = Math.min(FILE_BYTES / Math.max(1, bytes), MOST_SAMPLES);
    long batch = size.samples();
    // Whole micro-batches, so that no file but the last is padded.
    long standard = Math.max(batch, (most + batch - 1) / batch * batch);
    return (int) Math.min(1 << 20, configuration.find(Settings.TILE).orElse(standard));
  }

  /**
   * Samples of a panel: as many as of a file or, of a sum, as many as keep the partial sums few.
   */
  private static int panelSamples(
      Configuration configuration, RowPass pass, int fileSamples, long samples) {
    if (pass.sumNumbers() == 0 || configuration.find(Settings.TILE).isPresent()) {
      return fileSamples;
    }
    long files = (samples + MOST_SUMS * (long) fileSamples - 1) / (MOST_SUMS * (long) fileSamples);
    return (int)
        Math.min(Math.max(1, files) * fileSamples, (long) ((1 << 30) / fileSamples) * fileSamples);
  }

  /** Files of records that a quantity has. */
  public int fileCount() {
    return new Panels(panels.samples(), fileSamples).count();
  }

  /** Operations of all samples. */
  public double flops() {
    return size.flops(pass) * panels.samples();
  }

  /** Bytes of the values in the result's files. */
  public double resultBytes() {
    return ((double) pass.numbers() * panels.samples() + pass.sumNumbers()) * precision.bytes();
  }

  /** A bound on the bytes that one task holds, without the weights. */
  public long taskBytes() {
    return size.bytes(pass, precision);
  }
}

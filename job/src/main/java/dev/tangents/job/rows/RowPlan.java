package dev.tangents.job.rows;

import dev.tangents.exec.Precision;
import dev.tangents.importer.Model;
import dev.tangents.ir.Graph;
import dev.tangents.job.config.Choices.Mode;
import dev.tangents.job.config.Choices.Wrt;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.plan.ModelSpec;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.PlanTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A run over rows as it will be done.
 *
 * @param model the network
 * @param outputs O, those that take part
 * @param request what is computed, its mode decided
 * @param rows the graph that computes it
 * @param panels the samples, a file each
 * @param precision width of the numbers
 * @param size samples and lanes that travel together
 */
public record RowPlan(
    Model model,
    long outputs,
    RowRequest request,
    RowGraph rows,
    Panels panels,
    Precision precision,
    RowSize size) {
  private static final long MIB = 1L << 20;

  /** Bytes of values in a file, unless the user sets its samples. */
  private static final long FILE_BYTES = 256 * MIB;

  /** Most samples in a file, unless the user says otherwise. */
  private static final int MOST_SAMPLES = 8192;

  /** A graph with its size. */
  private record Candidate(RowRequest request, RowGraph rows, RowSize size) {
    double flops() {
      return size.flops(rows);
    }
  }

  /**
   * Plans a request over {@code samples} samples. Where the mode is open, both are planned and the
   * one with fewer operations is taken; reverse, if they are equal.
   *
   * @throws dev.tangents.error.TangentsException if the request does not fit the network or the
   *     memory
   */
  public static RowPlan of(
      Configuration configuration, ModelSpec.Loaded network, RowRequest request, long samples) {
    Candidate best = candidate(configuration, network.graph(), request, Mode.REVERSE);
    if (request.kind() == RowKind.JACOBIAN && request.wrt() == Wrt.INPUTS) {
      best =
          switch (request.mode()) {
            case REVERSE -> best;
            case FORWARD -> candidate(configuration, network.graph(), request, Mode.FORWARD);
            case AUTO -> {
              Candidate forward = candidate(configuration, network.graph(), request, Mode.FORWARD);
              yield forward.flops() < best.flops() ? forward : best;
            }
          };
    }
    int width = configuration.get(Settings.DTYPE).bytes();
    long fits = FILE_BYTES / Math.max(1, best.rows().numbers() * width);
    long batch = best.size().samples();
    // Whole micro-batches, so that no file but the last is padded.
    long standard = Math.max(batch, Math.min(fits, MOST_SAMPLES) / batch * batch);
    long tile = Math.min(1 << 20, configuration.find(Settings.TILE).orElse(standard));
    return new RowPlan(
        network.model(),
        network.graph().outputTypes().get(0).shape().size(),
        best.request(),
        best.rows(),
        new Panels(samples, (int) tile),
        configuration.get(Settings.DTYPE),
        best.size());
  }

  private static Candidate candidate(
      Configuration configuration, Graph network, RowRequest request, Mode mode) {
    RowRequest decided = request.withMode(mode);
    RowGraph rows = RowGraph.of(network, decided);
    long most =
        Math.min(
            configuration.get(Settings.MICRO_BATCH),
            configuration.find(Settings.TILE).orElse(Long.MAX_VALUE));
    long bound = Math.multiplyExact(configuration.get(Settings.MEMORY), MIB);
    int samples = (int) Math.min(most, 1 << 20);
    return new Candidate(
        decided, rows, RowSize.fitting(rows, samples, bound, configuration.get(Settings.DTYPE)));
  }

  /** Operations of all samples. */
  public double flops() {
    return size.flops(rows) * panels.samples();
  }

  /** Bytes of the values in the result's files. */
  public double resultBytes() {
    return (double) rows.numbers() * panels.samples() * precision.bytes();
  }

  /** A bound on the bytes that one task holds, without the weights. */
  public long taskBytes() {
    return size.bytes(rows, precision);
  }

  /** What is computed and how, in a few words. */
  public String method() {
    return switch (request.kind()) {
      case JACOBIAN ->
          request.wrt() == Wrt.PARAMS
              ? "by parameters, reverse"
              : "by inputs, " + Setting.kebab(request.mode());
      case HESSIAN -> (request.diagonal() ? "diagonal, " : "") + "forward over reverse";
      case JVP -> "forward";
      case VJP -> "reverse";
    };
  }

  /** The plan as text, one fact a line: what {@code --dry-run} prints. */
  public String text() {
    List<String[]> facts = new ArrayList<>();
    facts.add(PlanTable.fact("model", model.description()));
    facts.add(PlanTable.fact("N  samples", Amounts.count(panels.samples())));
    facts.add(PlanTable.fact("D  features", Amounts.count(model.inputWidth())));
    String of = outputs == model.outputCount() ? "" : " of " + Amounts.count(model.outputCount());
    facts.add(PlanTable.fact("O  outputs", Amounts.count(outputs) + of));
    facts.add(PlanTable.fact("P  parameters", Amounts.count(model.parameterCount())));
    facts.add(PlanTable.fact(request.kind().command(), method() + ", " + Setting.kebab(precision)));
    facts.add(
        PlanTable.fact(
            "V  lanes",
            Amounts.count((long) rows.outer().count() * rows.inner().count())
                + ", "
                + Amounts.count((long) size.outer() * size.inner())
                + " at once"));
    facts.add(PlanTable.fact("micro-batch", size.samples() + " samples"));
    facts.add(
        PlanTable.fact(
            "files", panels.count() + " of up to " + Amounts.count(panels.size()) + " samples"));
    facts.add(
        PlanTable.fact(
            "records a sample",
            rows.parts().stream().map(RowPlan::part).collect(Collectors.joining(", "))));
    facts.add(PlanTable.fact("arithmetic", Amounts.flops(size.flops(rows)) + " a sample"));
    facts.add(
        PlanTable.fact(
            "memory a task", Amounts.bytes(taskBytes()) + " at most, beside the weights"));
    facts.add(PlanTable.fact("result", Amounts.bytes(resultBytes())));
    return PlanTable.aligned(facts);
  }

  private static String part(RowGraph.Part part) {
    String name = part.parameter().isEmpty() ? "" : part.parameter() + " ";
    return part.records() + " x " + name + part.shape();
  }
}

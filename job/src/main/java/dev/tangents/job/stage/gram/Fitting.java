package dev.tangents.job.stage.gram;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.plan.MemoryBound;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.stage.session.ComputeSlots;
import dev.tangents.job.stage.session.Rehearsal;
import dev.tangents.job.stage.tile.KernelSpec;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Finds a plan of a kernel whose tiles every executor has the memory for. */
final class Fitting {
  private final GramJob.Asked asked;
  private final Configuration configuration;
  private final JavaSparkContext spark;
  private final NetworkSpec.Network network;
  private final Broadcast<Map<String, byte[]>> model;
  private final KernelBase base;

  /** Plans of the run that cut the same panels have one name. */
  private final String run = UUID.randomUUID().toString();

  /**
   * Plans of one kernel.
   *
   * @param base what is there of it already
   */
  Fitting(
      GramJob.Asked asked,
      JavaSparkContext spark,
      NetworkSpec.Network network,
      Broadcast<Map<String, byte[]>> model,
      KernelBase base) {
    this.asked = asked;
    this.configuration = asked.configuration();
    this.spark = spark;
    this.network = network;
    this.model = model;
    this.base = base;
  }

  /**
   * A plan that fits.
   *
   * @param bound of its memory
   * @param engines that it was tried on, each once
   */
  record Fitted(GramRunPlan plan, MemoryBound bound, List<String> engines) {}

  /**
   * The plan, once every executor has taken what it needs; with less where that failed, until it
   * fits. From here on nothing changes any more, unless the memory is gone when the first tiles
   * need it.
   *
   * @param counts samples of each side
   * @param first what is tried first
   * @param planned is told of each plan before it is tried
   * @throws dev.tangents.error.TangentsException of category RESOURCE, wrapped by Spark, if not
   *     even the least fits
   */
  Fitted fit(List<Long> counts, MemoryBound first, Consumer<GramRunPlan> planned) {
    MemoryBound bound = first;
    while (true) {
      GramRunPlan plan = plan(counts, bound.memory());
      planned.accept(plan);
      try {
        return new Fitted(plan, bound, rehearse(plan));
      } catch (Exception e) { // Spark throws checked exceptions that it does not declare
        if (bound.least(plan) || !Rehearsal.outOfMemory(e)) {
          throw e;
        }
        bound = less(bound, plan);
      }
    }
  }

  /** Prepares the largest tiles of a plan; gives the executors' engines. */
  private List<String> rehearse(GramRunPlan plan) {
    TileGrid grid = plan.grid();
    int tasks = (int) Math.min(spark.defaultParallelism(), grid.count());
    int beside = Math.min(tasks, ComputeSlots.perJvm(spark));
    long n = grid.tileRows();
    long m = grid.tileColumns();
    boolean diagonal = grid.symmetric();
    return Rehearsal.run(
        spark, kernelSpec(plan), model, tasks, worker -> worker.rehearse(n, m, diagonal, beside));
  }

  /** What is tried after a plan that did not fit; the user is told. */
  MemoryBound less(MemoryBound bound, GramRunPlan plan) {
    MemoryBound less = bound.less(plan);
    asked
        .console()
        .err()
        .println("note: an executor has less memory than planned with; trying " + less);
    return less;
  }

  private GramRunPlan plan(List<Long> counts, GramRunPlan.Memory memory) {
    return base.choices()
        .map(
            choices ->
                GramRunPlan.extending(configuration, network, choices, base.grid(counts), memory))
        .orElseGet(() -> GramRunPlan.of(configuration, network, counts, memory));
  }

  /** What executors are told of a plan. */
  KernelSpec kernelSpec(GramRunPlan plan) {
    return new KernelSpec(
        run + "/" + plan.grid().tileRows() + "x" + plan.grid().tileColumns(),
        NetworkSpec.of(configuration).decided(plan.plan()),
        network.model().sha256(),
        configuration.get(Settings.ENGINE),
        plan.precision(),
        plan.check().precision().arithmetic(),
        plan.microBatch(),
        plan.cacheBytes(),
        plan.check().samples());
  }
}

package dev.tangents.job.stage.gram;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.output.OutputFolder;
import dev.tangents.job.io.output.RunRecord;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.plan.TilesThere;
import dev.tangents.job.stage.tile.PresentTiles;
import dev.tangents.job.stage.tile.TileStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What {@code gram --if-exists resume --dry-run} finds out: the plan with which the run that was
 * begun would go on, and what is there of its tiles. Samples are counted and not read, so that
 * others of the same number are not told from those of the run. It writes nothing.
 *
 * @param configuration what was asked for
 * @param spark where footers are read
 * @param network the model and its kernel
 * @param counts number of samples of each side
 */
record ResumePlan(
    Configuration configuration,
    JavaSparkContext spark,
    NetworkSpec.Network network,
    List<Long> counts) {
  /**
   * What it finds.
   *
   * @param plan of the run
   * @param there its tiles; empty if there is no run that could be resumed
   */
  record Found(GramRunPlan plan, Optional<TilesThere> there) {}

  /**
   * Looks.
   *
   * @throws TangentsException of category USER if another run is there
   */
  Found of(OutputFolder output) throws IOException {
    Optional<RunRecord> earlier = output.record().filter(RunIdentity::indexed);
    if (earlier.isEmpty()) {
      return new Found(GramRunPlan.of(configuration, network, counts), Optional.empty());
    }
    RunRecord begun = earlier.get();
    GramRunPlan.Memory asked = GramRunPlan.Memory.of(configuration);
    GramRunPlan.Memory memory =
        new GramRunPlan.Memory(
            RunIdentity.panelMib(begun).orElse(asked.panelMib()), asked.cacheMib());
    GramRunPlan plan = GramRunPlan.of(configuration, network, counts, memory);
    RunIdentity identity = new RunIdentity(configuration, network.model().sha256());
    RunRecord now = new RunRecord(identity.numbers(plan, List.of()), List.of());
    begun.requireSame(now, output.path(), configuration.get(Settings.MIXED_HARDWARE));
    TileStore.Contents contents =
        new TileStore.Contents(plan.grid(), identity.hashes(plan, begun), plan.mirror());
    return new Found(plan, Optional.of(PresentTiles.look(spark, contents, output, true)));
  }
}

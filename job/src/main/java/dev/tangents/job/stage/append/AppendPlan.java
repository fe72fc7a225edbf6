package dev.tangents.job.stage.append;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.output.RunRecord;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.plan.KernelChoices;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.TilesThere;
import dev.tangents.job.stage.gram.GramJob;
import dev.tangents.job.stage.gram.RunIdentity;
import dev.tangents.job.stage.sample.Samples;
import dev.tangents.job.stage.sample.Side;
import dev.tangents.job.stage.sample.SortedSamples;
import dev.tangents.job.stage.tile.PresentTiles;
import dev.tangents.job.stage.tile.TileStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What {@code append --dry-run} finds out: it reads the samples, as the run would, and refuses what
 * the run would refuse before its first tile, but for what executors have to try out. It writes
 * nothing.
 *
 * @param configuration what was asked for, over what the kernel's run had
 * @param spark where samples are read
 * @param target the kernel
 */
record AppendPlan(Configuration configuration, JavaSparkContext spark, GramJob.Target target) {
  /**
   * What it finds.
   *
   * @param plan of the run
   * @param there tiles that are there
   */
  record Found(GramRunPlan plan, TilesThere there) {}

  /**
   * The plan of the run, and what is there of its tiles.
   *
   * @param network loaded with the choices
   * @param sides what is read for the rows, and for the columns where these are others
   * @throws TangentsException as the run does
   */
  Found of(NetworkSpec.Network network, KernelChoices choices, List<Side> sides)
      throws IOException {
    long limit = configuration.find(Settings.LIMIT).orElse(-1L);
    List<Optional<SortedSamples>> sorted =
        sides.stream().map(side -> side.sorted(spark.defaultParallelism(), limit)).toList();
    List<Long> counts =
        sorted.stream().map(side -> side.map(SortedSamples::count).orElse(0L)).toList();
    GramRunPlan plan =
        GramRunPlan.extending(
            configuration,
            network,
            choices,
            target.base().grid(counts),
            GramRunPlan.Memory.of(configuration));
    RunIdentity identity = new RunIdentity(configuration, network.model().sha256());
    List<Samples> samples = samples(plan, sides, sorted);
    Optional<RunRecord> earlier = target.ledger().earlier();
    earlier
        .filter(RunIdentity::indexed)
        .ifPresent(run -> requireSame(run, identity, plan, samples));
    TileStore.Contents contents =
        new TileStore.Contents(
            plan.grid(), identity.hashes(target.base(), plan, samples), plan.mirror());
    // One that begins anew removes what was added before it.
    return new Found(
        plan, PresentTiles.look(spark, contents, target.output(), earlier.isPresent()));
  }

  private List<Samples> samples(
      GramRunPlan plan, List<Side> sides, List<Optional<SortedSamples>> sorted) throws IOException {
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    List<Samples> samples = new ArrayList<>();
    for (int i = 0; i < sides.size(); i++) {
      Panels panels = i == 0 ? plan.grid().rows() : plan.grid().columns();
      samples.add(
          sides
              .get(i)
              .look(
                  sorted.get(i),
                  panels,
                  target.output().child(i == 0 ? "samples" : "samples2"),
                  plan.precision(),
                  hadoop));
    }
    return samples;
  }

  /** An append that has not ended is continued by the same one alone. */
  private void requireSame(
      RunRecord earlier, RunIdentity identity, GramRunPlan plan, List<Samples> samples) {
    RunRecord now = new RunRecord(identity.numbers(plan, samples), List.of());
    earlier.requireSame(now, target.output().path(), configuration.get(Settings.MIXED_HARDWARE));
  }
}

package dev.tangents.job.stage.gram;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.output.RunHashes;
import dev.tangents.job.io.output.RunRecord;
import dev.tangents.job.plan.GramRunPlan;
import dev.tangents.job.stage.sample.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that the numbers of a kernel depend on, by name.
 *
 * @param configuration of the run
 * @param modelHash of the model's bytes
 */
public record RunIdentity(Configuration configuration, String modelHash) {
  private static final String INPUT = "input-sha256-";

  private static final String COLUMNS = "samples2";

  /**
   * Key of the panel size that a run was planned with. No number depends on it alone: the other
   * keys say what tiles followed.
   */
  private static final String PANEL_MIB = "panel-mib-used";

  /** Whether a run has come as far as its samples. */
  public static boolean indexed(RunRecord record) {
    return record.identity().containsKey(INPUT + 0);
  }

  /** The bound of a panel's factors that a run was planned with. */
  public static Optional<Long> panelMib(RunRecord record) {
    return Optional.ofNullable(record.identity().get(PANEL_MIB)).map(Long::valueOf);
  }

  /**
   * The settings, and what was decided and found.
   *
   * @param samples of the rows, and of the columns where these are others; empty if they are not
   *     indexed yet
   */
  public Map<String, String> of(GramRunPlan plan, List<Samples> samples) {
    Map<String, String> identity = numbers(plan, samples);
    identity.put(PANEL_MIB, Long.toString(plan.panelMib()));
    return identity;
  }

  /**
   * The identity without the memory that the plan was made for, which a dry run does not try out.
   */
  public Map<String, String> numbers(GramRunPlan plan, List<Samples> samples) {
    Map<String, String> identity = new TreeMap<>(configuration.shaping());
    identity.putAll(used(plan, samples));
    if (plan.grid().symmetric()) {
      identity.remove(COLUMNS); // of a kernel of one set of samples it only says the same again
    }
    return identity;
  }

  /** Hashes of the runs that a kernel's tiles are from, once this run has added its own. */
  public RunHashes hashes(KernelBase base, GramRunPlan plan, List<Samples> samples) {
    return plan.grid().fresh() == 0
        ? base.runs()
        : base.runs().and(configuration.resultHash(used(plan, samples)), plan.grid());
  }

  /** Hashes of the one run that was begun, on the samples that it had. */
  public RunHashes hashes(GramRunPlan plan, RunRecord begun) {
    Map<String, String> used = used(plan, List.of());
    begun
        .identity()
        .forEach(
            (name, value) -> {
              if (name.startsWith(INPUT)) {
                used.put(name, value);
              }
            });
    return RunHashes.none().and(configuration.resultHash(used), plan.grid());
  }

  /** What was decided and found. */
  public Map<String, String> used(GramRunPlan plan, List<Samples> samples) {
    Map<String, String> used = new TreeMap<>();
    used.put("model-sha256", modelHash);
    used.put("model-output-used", configuration.get(Settings.MODEL_OUTPUT).label());
    used.put("tile-used", Integer.toString(plan.grid().rows().size()));
    used.put("micro-batch-used", Integer.toString(plan.microBatch()));
    used.put("lanes-used", Long.toString(plan.plan().lanes()));
    used.put("methods-used", plan.plan().methods().toString());
    used.put("samples", Long.toString(plan.grid().rows().samples()));
    used.put(COLUMNS, Long.toString(plan.grid().columns().samples()));
    for (int i = 0; i < samples.size(); i++) {
      used.put(INPUT + i, samples.get(i).hash());
    }
    return used;
  }
}

package dev.tangents.job.stage.gram;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelSource;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.output.KernelManifest;
import dev.tangents.job.plan.NetworkSpec;
import dev.tangents.udfs.model.ModelLoader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a command on a kernel takes from the run that made it. */
public final class EarlierRun {
  /** Settings of one run alone: which samples, and how it is done. */
  private static final Set<Setting<?>> OWN =
      Set.of(
          Settings.INPUT,
          Settings.INPUT2,
          Settings.OUTPUT,
          Settings.WHERE,
          Settings.LIMIT,
          Settings.IF_EXISTS,
          Settings.DRY_RUN,
          Settings.MASTER,
          Settings.MIXED_HARDWARE,
          GpuSettings.GPU,
          GpuSettings.REQUIRE_GPU,
          GpuSettings.GPU_TASKS);

  private EarlierRun() {}

  /**
   * The settings of the kernel's run, with what was asked for now over them.
   *
   * @throws TangentsException of category USER if that would be another kernel
   */
  public static Configuration continued(
      Configuration asked, KernelManifest manifest, String folder) {
    Map<String, Value> kept = kept(manifest);
    Map<String, String> before =
        Configuration.resolve(List.of(new Configuration.Layer(kept))).shaping();
    Configuration now = asked.over(kept);
    List<String> differences = new ArrayList<>();
    now.shaping()
        .forEach(
            (key, value) -> {
              if (!value.equals(before.get(key))) {
                differences.add(
                    "%s is %s, was %s".formatted(key, shown(value), shown(before.get(key))));
              }
            });
    if (!differences.isEmpty()) {
      throw TangentsException.user(
          "output: %s holds a kernel of other settings: %s. Leave them out: they are taken from %s",
          folder, String.join("; ", differences), "its manifest");
    }
    return now;
  }

  private static Map<String, Value> kept(KernelManifest manifest) {
    Set<String> keys =
        Settings.gram().stream()
            .filter(setting -> !OWN.contains(setting))
            .map(Setting::key)
            .collect(Collectors.toSet());
    Map<String, Value> kept = new LinkedHashMap<>(manifest.configuration());
    kept.keySet().retainAll(keys);
    return kept;
  }

  /** Loads the network of a kernel as its plan had it, from a model that must be the kernel's. */
  public static ModelLoader<NetworkSpec.Network> loader(NetworkSpec spec, KernelManifest manifest) {
    NetworkSpec decided = spec.decided(manifest.choices());
    return new ModelLoader<>() {
      @Override
      public NetworkSpec.Network load(Function<String, ModelSource> open) {
        try {
          NetworkSpec.Network network = decided.load(open);
          requireModel(manifest, network.model());
          return network;
        } catch (TangentsException e) {
          // Another model may not have what the plan names: then that is the news.
          requireModel(manifest, spec.model().load(open).model());
          throw e;
        }
      }

      @Override
      public Model model(NetworkSpec.Network loaded) {
        return loaded.model();
      }
    };
  }

  private static void requireModel(KernelManifest manifest, Model model) {
    if (!model.sha256().equals(manifest.modelHash())) {
      throw TangentsException.user(
          "model: %s has SHA-256 %s; that of the kernel has %s. Give the kernel's own by --model",
          model.description(), model.sha256(), manifest.modelHash());
    }
  }

  private static String shown(String value) {
    return value.isEmpty() ? "not set" : value;
  }
}

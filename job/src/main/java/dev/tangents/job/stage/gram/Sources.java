package dev.tangents.job.stage.gram;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.output.KernelManifest;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.TileGrid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the samples of a kernel were read from: an entry for its run, and one for each append that
 * added some. The configuration of a manifest is that of the last command alone.
 *
 * @param entries in the order of the samples
 */
record Sources(List<Map<String, Object>> entries) {
  /** Nothing was read yet. */
  static final Sources NONE = new Sources(List.of());

  /** Settings that say which samples, and which columns of theirs. */
  private static final List<Setting<?>> SHOWN =
      List.of(
          Settings.INPUT,
          Settings.INPUT2,
          Settings.FORMAT,
          Settings.FEATURES,
          Settings.BINARY_TYPE,
          Settings.ID,
          Settings.LABEL,
          Settings.WHERE,
          Settings.LIMIT);

  /** Keys of an entry's range of indexes [first, end), of rows and of columns. */
  private static final List<String> KEYS = List.of("samples", "samples2");

  /** Copies the list. */
  Sources {
    entries = List.copyOf(entries);
  }

  /**
   * The sources of a kernel. One that was made before manifests had entries has only its
   * configuration, which is that of its run if nothing was added since.
   */
  static Sources of(KernelManifest manifest) {
    List<Map<String, Object>> entries = manifest.sources();
    boolean told = manifest.configuration().containsKey(Settings.INPUT.key());
    if (!entries.isEmpty() || manifest.runs().runs().size() != 1 || !told) {
      return new Sources(entries);
    }
    Map<String, Object> first = settings("gram", manifest.configuration());
    for (int i = 0; i < manifest.sides().size(); i++) {
      first.put(KEYS.get(i), List.of(0L, manifest.sides().get(i).bounds().samples()));
    }
    return new Sources(List.of(first));
  }

  /**
   * These and what is read now, if that adds samples.
   *
   * @param base what was there before
   * @param grid with the samples that are added
   */
  Sources and(Configuration configuration, KernelBase base, TileGrid grid) {
    if (grid.fresh() == 0) {
      return this;
    }
    boolean first = base.sides().isEmpty();
    Map<String, Object> entry = settings(first ? "gram" : "append", configuration.values());
    List<Panels> sides =
        grid.symmetric() ? List.of(grid.rows()) : List.of(grid.rows(), grid.columns());
    for (int i = 0; i < sides.size(); i++) {
      long before = base.side(i).panels().samples();
      if (sides.get(i).samples() > before) {
        entry.put(KEYS.get(i), List.of(before, sides.get(i).samples()));
      }
    }
    List<Map<String, Object>> all = new ArrayList<>(entries);
    all.add(entry);
    return new Sources(all);
  }

  private static Map<String, Object> settings(
      String command, Map<String, Configuration.Value> values) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("command", command);
    for (Setting<?> setting : SHOWN) {
      Configuration.Value value = values.get(setting.key());
      if (value != null) {
        entry.put(setting.key(), value.text());
      }
    }
    return entry;
  }
}

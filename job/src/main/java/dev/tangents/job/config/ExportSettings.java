package dev.tangents.job.config;

import dev.tangents.job.config.Choices.ExportFormat;
import java.util.List;

/** Settings of {@code export}. */
public final class ExportSettings {
  /** Into what. */
  public static final Setting<ExportFormat> FORMAT =
      Setting.choice(
          "export-format",
          ExportFormat.class,
          "export --format: npy, one array in a file that NumPy maps: [N, M], per output [O, N, M], full"
              + " [N, O, M, P]; rows, Parquet with a whole row of the kernel in a record.");

  /** Where to. */
  public static final Setting<String> TO =
      Setting.path("to", "export: the file (npy) or the folder (rows) to write.");

  /** One parameter's kernel. */
  public static final Setting<String> COMPONENT =
      Setting.text(
          "component", "NAME", "export: one parameter's kernel of a result with --components.");

  /** All of the above, in the order of the reference page. */
  static final List<Setting<?>> OWN = List.of(FORMAT, TO, COMPONENT);

  private ExportSettings() {}

  /** The settings of {@code export}. */
  public static List<Setting<?>> all() {
    return List.of(
        Settings.OUTPUT,
        FORMAT,
        TO,
        COMPONENT,
        Settings.COMPRESSION,
        Settings.IF_EXISTS,
        Settings.MASTER);
  }
}

package dev.tangents.job.config;

import dev.tangents.job.config.Choices.Checks;
import java.util.List;

/** Settings of {@code verify}. */
public final class VerifySettings {
  /** How much. */
  public static final Setting<Checks> CHECKS =
      Setting.choice(
              "checks",
              Checks.class,
              "verify: files, every file of the result against its checksums, without the model; all, the"
                  + " kernel against J (J^T v) besides, which takes two passes of the network for every"
                  + " sample and, of trace and per-output kernels, output.")
          .or("all");

  /** The settings that {@code verify} alone has. */
  static final List<Setting<?>> OWN = List.of(CHECKS);

  private VerifySettings() {}
}

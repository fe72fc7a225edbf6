package dev.tangents.job.stage.sample;

import dev.tangents.job.plan.Panels;
import java.io.Serializable;
import java.util.List;

/**
 * The samples of one side of a kernel that are there already.
 *
 * @param panels their panels
 * @param hashes SHA-256, in hex, of each panel's ids and features
 */
public record KnownSamples(Panels panels, List<String> hashes) implements Serializable {

  /** No samples. */
  public static final KnownSamples NONE = new KnownSamples(Panels.NONE, List.of());

  /** Copies the list. */
  public KnownSamples {
    hashes = List.copyOf(hashes);
  }
}

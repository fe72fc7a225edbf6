package dev.tangents.job.stage;

import dev.tangents.job.io.Scalar;
import dev.tangents.job.plan.Panels;
import java.util.List;

/**
 * An indexed input.
 *
 * @param panels its cut into panels
 * @param hash SHA-256, in hex, of all ids and features in order
 * @param panelHashes the same of each panel
 * @param labels the label of each sample; empty if no column is named
 */
record Samples(Panels panels, String hash, List<String> panelHashes, List<Scalar> labels) {
  /** Copies the hashes. */
  Samples {
    panelHashes = List.copyOf(panelHashes);
  }

  /** Samples by the hashes of their panels. */
  static Samples of(Panels panels, List<String> panelHashes, List<Scalar> labels) {
    return new Samples(panels, SampleDigest.ofPanels(panelHashes), panelHashes, labels);
  }
}

package dev.tangents.job.stage.sample;

import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.plan.Panels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An indexed input.
 *
 * @param panels its cut into panels
 * @param hash SHA-256, in hex, of all ids and features in order
 * @param panelHashes the same of each panel
 * @param labels the label of each sample; empty if no column is named
 */
public record Samples(Panels panels, String hash, List<String> panelHashes, List<Scalar> labels) {
  /** Copies the hashes. */
  public Samples {
    panelHashes = List.copyOf(panelHashes);
  }

  /** Samples by the hashes of their panels. */
  public static Samples of(Panels panels, List<String> panelHashes, List<Scalar> labels) {
    return new Samples(panels, SampleDigest.ofPanels(panelHashes), panelHashes, labels);
  }

  /** Hashes and bounds of the panels, for a manifest. */
  public Map<String, Object> facts() {
    List<List<Long>> bounds = new ArrayList<>();
    for (int i = 0; i < panels.count(); i++) {
      bounds.add(List.of(panels.first(i), panels.first(i) + panels.rows(i)));
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("sha256", hash);
    facts.put("panels", bounds);
    facts.put("panel-sha256", panelHashes);
    return facts;
  }
}

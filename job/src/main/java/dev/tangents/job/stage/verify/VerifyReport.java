package dev.tangents.job.stage.verify;

import dev.tangents.job.plan.Amounts;
import dev.tangents.job.stage.session.ManifestParts;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is said of a kernel that was verified.
 *
 * @param folder of the kernel
 * @param samples N
 * @param found its files
 * @param residuals of K v; empty if the files alone were read
 * @param seconds of each part, and in all
 */
record VerifyReport(
    String folder,
    long samples,
    FileAudit.Found found,
    Optional<Residuals> residuals,
    Map<String, Object> seconds) {
  /** The report as JSON, for programs. */
  String json() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("status", "verified");
    facts.put("output", folder);
    facts.put("N", samples);
    facts.put("tiles", found.tiles());
    facts.put("panels", found.panels());
    residuals.ifPresent(
        residual -> {
          facts.put("residual", residual.whole());
          facts.put("worst-panel", residual.panel());
          facts.put("worst-residual", residual.worst());
          facts.put("max-residual", residual.bound());
        });
    facts.put("seconds", seconds);
    return ManifestParts.json(facts);
  }

  /** The report as text, for people. */
  String text() {
    String files =
        "Verified %s%n  %s and %s of samples as they were written%n"
            .formatted(
                folder,
                Amounts.counted(found.tiles(), "tile"),
                Amounts.counted(found.panels(), "panel"));
    String numbers =
        residuals
            .map(
                residual ->
                    String.format(
                        Locale.ROOT,
                        "  K v against J (J^T v): residual %.1e, %.1e in the worst panel (at most %.1e passes)%n",
                        residual.whole(),
                        residual.worst(),
                        residual.bound()))
            .orElse("");
    double total = ((Number) seconds.get("total")).doubleValue();
    return files + numbers + "  in %s%n".formatted(Amounts.seconds(total));
  }
}

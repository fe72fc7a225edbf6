package dev.tangents.job.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tangents.job.plan.Amounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What all checks found. */
public final class Diagnosis {
  private static final String LINE = "%-6s %-14s %s%n";

  private final Map<String, Finding> findings = new LinkedHashMap<>();

  /** What {@code checks} find in {@code facts}. */
  public Diagnosis(List<Check> checks, Facts facts) {
    checks.forEach(check -> findings.put(check.name(), check.examine(facts)));
  }

  /** How many found a fault. */
  public long faults() {
    return count(Level.FAULT);
  }

  /** A line a check, and one for each cure. */
  public String text() {
    StringBuilder text = new StringBuilder();
    findings.forEach(
        (name, finding) -> {
          text.append(String.format(Locale.ROOT, LINE, level(finding), name, finding.what()));
          if (!finding.cure().isEmpty()) {
            text.append(String.format(Locale.ROOT, LINE, "", "", "cure: " + finding.cure()));
          }
        });
    return text.append(summary()).append(System.lineSeparator()).toString();
  }

  /** An object with the checks, and the number of faults. */
  public String json() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    ArrayNode checks = root.putArray("checks");
    findings.forEach(
        (name, finding) ->
            checks
                .addObject()
                .put("name", name)
                .put("level", level(finding))
                .put("what", finding.what())
                .put("cure", finding.cure()));
    root.put("faults", faults());
    root.put("warnings", count(Level.WARN));
    return root.toPrettyString() + System.lineSeparator();
  }

  /** The end of it: {@code 16 checks, 2 faults, 1 warning}. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%d checks, %s, %s",
        findings.size(),
        Amounts.counted(faults(), "fault"),
        Amounts.counted(count(Level.WARN), "warning"));
  }

  private long count(Level level) {
    return findings.values().stream().filter(finding -> finding.level() == level).count();
  }

  private static String level(Finding finding) {
    return finding.level().name().toLowerCase(Locale.ROOT);
  }
}

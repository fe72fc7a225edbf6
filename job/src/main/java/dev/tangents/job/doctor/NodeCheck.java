package dev.tangents.job.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A check of each JVM by itself: the worst that it finds, with the names of those where it is so.
 */
public abstract class NodeCheck implements Check {
  private static final int SHOWN = 3;

  @Override
  public final Finding examine(Facts facts) {
    Map<Finding, List<String>> found = new LinkedHashMap<>();
    for (Node node : nodes(facts)) {
      found.computeIfAbsent(examine(node, facts), same -> new ArrayList<>()).add(node.name());
    }
    if (found.isEmpty()) {
      return Finding.ok("no executor to look at");
    }
    Level worst = found.keySet().stream().map(Finding::level).max(Level::compareTo).orElseThrow();
    Stream<Finding> worsts =
        found.entrySet().stream()
            .filter(e -> e.getKey().level() == worst)
            .map(e -> e.getKey().on(names(e.getValue())));
    // One cure at a time; another fault of other nodes is the next one's turn.
    return worst == Level.OK
        ? Finding.ok(worsts.map(Finding::what).limit(SHOWN).collect(Collectors.joining("; ")))
        : worsts.findFirst().orElseThrow();
  }

  /** The JVMs that the check looks at: all of them, unless it says otherwise. */
  protected List<Node> nodes(Facts facts) {
    return facts.nodes();
  }

  /** What the check finds of one JVM. */
  protected abstract Finding examine(Node node, Facts facts);

  private static String names(List<String> names) {
    if (names.size() <= SHOWN + 1) {
      return String.join(", ", names);
    }
    return String.join(", ", names.subList(0, SHOWN)) + " and " + (names.size() - SHOWN) + " more";
  }
}

package dev.tangents.job.stage.tile;

import dev.tangents.kernel.Panel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The panels that a worker holds, those used last, within a bound; other workers may copy them. On
 * the worker's thread alone.
 */
final class PanelCache {
  private final long bytes;
  private final PanelExchange exchange;
  private final Map<String, PanelExchange.Offer> panels = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * A cache that holds nothing yet.
   *
   * @param bytes of panels beside the two of a tile
   * @param exchange what other workers hold
   */
  PanelCache(long bytes, PanelExchange exchange) {
    this.bytes = bytes;
    this.exchange = exchange;
  }

  /** The panel of that name, if it is held and no worker has found it damaged. */
  Optional<Panel> find(String key) {
    PanelExchange.Offer held = panels.get(key);
    if (held != null && held.isOver()) {
      free(key);
      return Optional.empty();
    }
    return Optional.ofNullable(held).map(PanelExchange.Offer::panel);
  }

  /** A copy of the panel of that name, if another worker holds it. */
  Optional<Panel> copy(String key, Function<Panel, Panel> copier) {
    return exchange.copy(key, copier);
  }

  /** Holds a panel. */
  void put(String key, Panel panel) {
    panels.put(key, exchange.offer(key, panel));
  }

  /**
   * Frees panels until another fits: first those that are not expected again, of these the one used
   * longest ago; never the one that the same tile needs.
   *
   * @param size bytes of the other
   * @param needed name of the panel that the same tile needs
   * @param wanted names that are expected again
   */
  void makeRoom(long size, String needed, Set<String> wanted) {
    long held = panels.values().stream().mapToLong(offer -> offer.panel().bytes()).sum();
    long bound = bytes + 2 * size;
    List<String> order = new ArrayList<>(panels.keySet());
    order.remove(needed);
    order.sort(Comparator.comparing(wanted::contains)); // stable: oldest first within each kind
    for (String key : order) {
      if (held + size <= bound) {
        return;
      }
      held -= panels.get(key).panel().bytes();
      free(key);
    }
  }

  /** Frees a panel that may be damaged, here and wherever it was copied. */
  void drop(String key) {
    exchange.endAll(key);
    if (panels.containsKey(key)) {
      free(key);
    }
  }

  /** Frees all. */
  void clear() {
    List.copyOf(panels.keySet()).forEach(this::free);
  }

  private void free(String key) {
    PanelExchange.Offer gone = panels.remove(key);
    gone.end();
    gone.panel().close();
  }
}

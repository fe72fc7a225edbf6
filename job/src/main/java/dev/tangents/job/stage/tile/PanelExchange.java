package dev.tangents.job.stage.tile;

import dev.tangents.kernel.Panel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * What the workers of an executor hold in panels, for each other: to copy factors takes a tenth of
 * the time that the network takes to form them. Thread-safe.
 */
final class PanelExchange {
  private final Map<String, List<Offer>> offers = new HashMap<>();

  /** A panel that one worker holds and others may copy, until it {@link #end}s. */
  final class Offer {
    private final String key;
    private final Panel panel;

    /** Held for reading while the panel is copied. */
    private final ReadWriteLock copying = new ReentrantReadWriteLock();

    private volatile boolean over;

    private Offer(String key, Panel panel) {
      this.key = key;
      this.panel = panel;
    }

    /** The panel, for the worker that holds it. */
    Panel panel() {
      return panel;
    }

    /** Whether it has ended, because its worker or another said so: the panel may be damaged. */
    boolean isOver() {
      return over;
    }

    private Optional<Panel> copy(Function<Panel, Panel> copier) {
      copying.readLock().lock();
      try {
        if (over) {
          return Optional.empty();
        }
        Panel copy = copier.apply(panel);
        if (over) { // it may be damaged, and so its copy
          copy.close();
          return Optional.empty();
        }
        return Optional.of(copy);
      } finally {
        copying.readLock().unlock();
      }
    }

    /** Nobody copies the panel any more when this returns, so that its memory may be used again. */
    void end() {
      over = true;
      copying.writeLock().lock(); // waits for those who copy it
      try {
        remove(this);
      } finally {
        copying.writeLock().unlock();
      }
    }
  }

  /** Lets others copy a panel. */
  synchronized Offer offer(String key, Panel panel) {
    Offer offer = new Offer(key, panel);
    offers.computeIfAbsent(key, name -> new ArrayList<>()).add(offer);
    return offer;
  }

  /** Copies a panel that somebody holds, if anybody does. */
  Optional<Panel> copy(String key, Function<Panel, Panel> copier) {
    return of(key).stream().flatMap(offer -> offer.copy(copier).stream()).findFirst();
  }

  /** Ends all offers of a panel: it may be damaged, and those of others are copies of it. */
  void endAll(String key) {
    List<Offer> all = of(key);
    all.forEach(offer -> offer.over = true);
    all.forEach(Offer::end);
  }

  private synchronized List<Offer> of(String key) {
    return List.copyOf(offers.getOrDefault(key, List.of()));
  }

  private synchronized void remove(Offer offer) {
    offers.computeIfPresent(
        offer.key,
        (key, known) -> {
          known.removeIf(each -> each == offer);
          return known.isEmpty() ? null : known;
        });
  }
}

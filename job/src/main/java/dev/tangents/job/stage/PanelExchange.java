package dev.tangents.job.stage;

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

  /** A panel that one worker holds, while none of the others copies it. */
  private static final class Offer {
    private final Panel panel;

    /** Held for reading while it is copied. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean over;

    Offer(Panel panel) {
      this.panel = panel;
    }

    Optional<Panel> copy(Function<Panel, Panel> copier) {
      lock.readLock().lock();
      try {
        return over ? Optional.empty() : Optional.of(copier.apply(panel));
      } finally {
        lock.readLock().unlock();
      }
    }

    void end() {
      lock.writeLock().lock();
      try {
        over = true;
      } finally {
        lock.writeLock().unlock();
      }
    }
  }

  /** Lets others copy a panel, until it is {@link #withdraw}n. */
  synchronized void offer(String key, Panel panel) {
    offers.computeIfAbsent(key, name -> new ArrayList<>()).add(new Offer(panel));
  }

  /** Copies a panel that somebody holds, if anybody does. */
  Optional<Panel> copy(String key, Function<Panel, Panel> copier) {
    return of(key).stream().flatMap(offer -> offer.copy(copier).stream()).findFirst();
  }

  private synchronized List<Offer> of(String key) {
    return List.copyOf(offers.getOrDefault(key, List.of()));
  }

  /** Nobody copies the panel any more when this returns, so that its memory may be used again. */
  void withdraw(String key, Panel panel) {
    remove(key, panel).ifPresent(Offer::end);
  }

  private synchronized Optional<Offer> remove(String key, Panel panel) {
    List<Offer> known = offers.getOrDefault(key, List.of());
    Optional<Offer> offer = known.stream().filter(each -> each.panel == panel).findFirst();
    offer.ifPresent(known::remove);
    if (known.isEmpty()) {
      offers.remove(key);
    }
    return offer;
  }

  /** Lets nobody copy what anybody holds under this name: it may be damaged. */
  void forget(String key) {
    drop(key).forEach(Offer::end);
  }

  private synchronized List<Offer> drop(String key) {
    List<Offer> known = offers.remove(key);
    return known == null ? List.of() : known;
  }
}

package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Batches of samples cut into panels. */
class PanelsTest {
  @Test
  void eachBatchBeginsAPanel() {
    Panels panels = new Panels(70, 32).and(10).and(64).and(33);
    assertEquals(2 + 1 + 1 + 2 + 2, panels.count());
    assertEquals(177, panels.samples());
    assertEquals(
        List.of(0L, 32L, 64L, 70L, 80L, 112L, 144L, 176L),
        List.of(0, 1, 2, 3, 4, 5, 6, 7).stream().map(panels::first).toList());
    assertEquals(6, panels.rows(2));
    assertEquals(10, panels.rows(3));
    assertEquals(1, panels.rows(7));
    assertEquals(32, panels.largest());
    assertEquals(7, new Panels(7, 32).largest());
    assertThrows(IndexOutOfBoundsException.class, () -> panels.first(8));
    assertThrows(IndexOutOfBoundsException.class, () -> panels.panelOf(177));
  }

  @Property
  void boundsMakeThePanelsAgain(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 40) Integer> batches,
      @ForAll @IntRange(min = 1, max = 12) int size) {
    Panels panels = new Panels(batches.stream().map(Integer::longValue).toList(), size);
    List<Long> starts = new ArrayList<>();
    for (int panel = 0; panel < panels.count(); panel++) {
      starts.add(panels.first(panel));
      assertEquals(panel, panels.panelOf(panels.first(panel)));
      assertEquals(panel, panels.panelOf(panels.first(panel) + panels.rows(panel) - 1));
    }
    starts.add(panels.samples());
    Panels again = Panels.of(starts, size);
    assertEquals(panels.count(), again.count());
    for (int panel = 0; panel < panels.count(); panel++) {
      assertEquals(panels.first(panel), again.first(panel));
      assertEquals(panels.rows(panel), again.rows(panel));
    }
  }
}

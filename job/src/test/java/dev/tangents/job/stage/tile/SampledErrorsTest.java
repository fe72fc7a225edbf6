package dev.tangents.job.stage.tile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Arithmetic;
import dev.tangents.job.plan.TilePrecision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What manifest and summary say of errors. */
class SampledErrorsTest {
  private static final TilePrecision TF32 = new TilePrecision(Arithmetic.TF32, 5e-3);

  private static SampledErrors task(double error, long row, long column) {
    SampledErrors task = new SampledErrors();
    task.stays(error / 2, 1, 1);
    task.stays(error, row, column);
    return task;
  }

  @Test
  void theLargestOfAllTasksIsNamedWithItsPlace() {
    SampledErrors first = task(2e-4, 10, 20);
    first.replaced(7e-3);
    SampledErrors sum = SampledErrors.sum(List.of(first, task(4e-4, 30, 50), new SampledErrors()));
    assertEquals(
        "{max-error=0.005, tiles-measured=5, tiles-computed-again-strictly=1, worst-error=4.0E-4,"
            + " worst-error-row=30, worst-error-column=50, worst-error-replaced=0.007}",
        sum.facts(TF32).toString());
    assertEquals(
        "tf32 in tiles: largest sampled error 4.0e-04 of mean |K|, at K[30, 50]; 1 of 5 tiles computed again"
            + " strictly (above 5.0e-03)",
        sum.text(TF32));
  }

  @Test
  void whereNoTileStayedThereIsNoLargestError() {
    SampledErrors all = new SampledErrors();
    all.replaced(0.5);
    assertEquals(
        "tf32 in tiles: no tile stayed; 1 of 1 tiles computed again strictly (above 5.0e-03)",
        all.text(TF32));
  }
}

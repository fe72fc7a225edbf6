package dev.tangents.job.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.HostTensor;
import dev.tangents.ir.Shape;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.plan.Tile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a footer keeps of a tile, and the picture that is made of it. */
class BinSumsTest {
  /** Rows of the tile, from index FIRST on; columns are the same samples. */
  private static final int ROWS = 128;

  private static final int FIRST = 128;
  private static final int SAMPLES = 3 * ROWS;

  private static List<Scalar> labels(int classes) {
    return IntStream.range(0, SAMPLES).mapToObj(i -> Scalar.of((long) (i * 7 % classes))).toList();
  }

  /** K[n, m] = n + 3 m, exact in float. */
  private static TileValues tile() {
    float[] numbers = new float[ROWS * ROWS];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (i / ROWS) + 3 * (i % ROWS);
    }
    return new TileValues(
        TileValues.Form.SINGLE, 1, List.of(HostTensor.of(Shape.of(1, ROWS, ROWS), numbers)));
  }

  private static BinSums over(Bins bins) {
    return BinSums.of(tile(), bins, bins, true);
  }

  private static BinSums byGroup(ReportAxis axis) {
    return over(Bins.byGroup(axis, FIRST, ROWS));
  }

  /** Of the footer's sums, as they are taken. */
  private static KernelSummary coarse(ReportAxis axis) {
    BinSums positions = over(Bins.byPosition(ROWS));
    return summary(axis, axis.isOrdered() ? byGroup(axis) : positions);
  }

  private static KernelSummary summary(ReportAxis axis, BinSums sums) {
    TileSummary tile =
        new TileSummary(new Tile(0, 0), FIRST, FIRST, sums, byGroup(axis), axis, axis);
    return new KernelSummary(axis, axis, List.of(tile), true);
  }

  private static KernelSummary exact(ReportAxis axis) {
    return summary(axis, over(Bins.fine(axis, FIRST, ROWS)));
  }

  @Test
  void pixelsOfWholeBinsAreExact() {
    ReportAxis axis = ReportAxis.of(SAMPLES, List.of(), 3, true);
    assertTrue(axis.allowsCoarse(ROWS));
    assertEquals(exact(axis).pixel(1, 1), coarse(axis).pixel(1, 1), 1e-9);
    assertEquals(63.5 * 4, exact(axis).pixel(1, 1), 1e-9);
  }

  /** Labels that come mixed do not smear a picture by index. */
  @Test
  void soTheyAreWhereThereAreLabelsBeside() {
    ReportAxis axis = ReportAxis.of(SAMPLES, labels(5), 12, false);
    assertTrue(axis.allowsCoarse(ROWS));
    KernelSummary exact = exact(axis);
    KernelSummary coarse = coarse(axis);
    for (int r = 0; r < 12; r++) {
      for (int c = 0; c < 12; c++) {
        assertEquals(exact.pixel(r, c), coarse.pixel(r, c), 1e-9);
      }
    }
    assertEquals(15.5 + 3 * 47.5, exact.pixel(4, 5), 1e-9);
  }

  @Test
  void tableAndDiagonalAreExactAndThePictureByLabelNearlySo() {
    ReportAxis axis = ReportAxis.of(SAMPLES, labels(5), 10, true);
    assertTrue(axis.allowsCoarse(ROWS));
    KernelSummary exact = exact(axis);
    KernelSummary coarse = coarse(axis);
    double all = 0;
    double allExact = 0;
    for (int r = 0; r < 10; r++) {
      for (int c = 0; c < 10; c++) {
        assertEquals(exact.group(r / 2, c / 2), coarse.group(r / 2, c / 2), 1e-9);
        assertEquals(exact.pixel(r, c), coarse.pixel(r, c), 0.05 * 4 * ROWS);
        all += coarse.pixel(r, c);
        allExact += exact.pixel(r, c);
      }
    }
    assertEquals(allExact, all, 0.01 * allExact);
    assertArrayEquals(exact.diagonal(), coarse.diagonal());
    assertEquals(4 * 5, coarse.diagonal()[5]);
  }

  @Test
  void aPixelOfFewerSamplesThanABinNeedsTheNumbers() {
    assertEquals(4, Bins.size(ROWS));
    assertTrue(ReportAxis.of(SAMPLES, List.of(), SAMPLES / 4, true).allowsCoarse(ROWS));
    assertFalse(ReportAxis.of(SAMPLES, List.of(), SAMPLES / 4 + 1, true).allowsCoarse(ROWS));
    // Samples lie by label, of which there are too many for groups.
    assertFalse(ReportAxis.of(SAMPLES, labels(100), 10, true).allowsCoarse(ROWS));
    assertTrue(ReportAxis.of(SAMPLES, labels(100), 10, false).allowsCoarse(ROWS));
  }

  @Test
  void aFooterGivesTheSumsBackForTheSameBinsAlone() {
    ReportAxis axis = ReportAxis.of(SAMPLES, labels(3), 10, true);
    BinSums sums = byGroup(axis);
    String text = sums.text();
    // The same samples in a larger kernel, with labels that are new: their codes are others.
    List<Scalar> more =
        IntStream.range(0, 2 * SAMPLES)
            .mapToObj(i -> i < SAMPLES ? labels(3).get(i) : Scalar.of(-1L))
            .toList();
    Bins larger = Bins.byGroup(ReportAxis.of(2 * SAMPLES, more, 20, true), FIRST, ROWS);
    BinSums read = BinSums.parse(text, larger, larger, true).orElseThrow();
    for (int r = 0; r < larger.count(); r++) {
      for (int c = 0; c < larger.count(); c++) {
        assertEquals(sums.sum(r, c), read.sum(r, c));
      }
    }
    assertArrayEquals(sums.diagonal(), read.diagonal());

    Bins others = Bins.byGroup(ReportAxis.of(SAMPLES, labels(4), 10, true), FIRST, ROWS);
    assertEquals(Optional.empty(), BinSums.parse(text, others, others, true).map(BinSums::rows));
    assertEquals(Optional.empty(), BinSums.parse(text, larger, larger, false).map(BinSums::rows));
    String damaged =
        text.substring(0, 99) + (text.charAt(99) == 'A' ? 'B' : 'A') + text.substring(100);
    for (String other : List.of(text.substring(8), damaged)) {
      assertEquals(Optional.empty(), BinSums.parse(other, larger, larger, true).map(BinSums::rows));
    }
    assertEquals(Optional.empty(), BinSums.parse("?", larger, larger, true).map(BinSums::rows));
  }

  @Test
  void aNumberThatIsNotFiniteShowsInTheSums() {
    ReportAxis axis = ReportAxis.of(SAMPLES, labels(3), 10, true);
    Bins bins = Bins.byGroup(axis, FIRST, ROWS);
    assertTrue(byGroup(axis).isFinite());
    for (float number : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      TileValues values = tile();
      values.components().get(0).floats()[77] = number;
      values.components().get(0).floats()[78] = Float.POSITIVE_INFINITY;
      assertFalse(BinSums.of(values, bins, bins, false).isFinite());
    }
  }

  /** Sums of floats may pass their range. */
  @Test
  void sumsOfLargeNumbersAreThoseOfDoubles() {
    float[] numbers = new float[ROWS * ROWS];
    Arrays.fill(numbers, 1e38f);
    TileValues values =
        new TileValues(
            TileValues.Form.SINGLE, 1, List.of(HostTensor.of(Shape.of(1, ROWS, ROWS), numbers)));
    Bins bins = Bins.byPosition(ROWS);
    assertEquals(16 * 1e38, BinSums.of(values, bins, bins, false).sum(3, 7), 1e32);
  }
}

package dev.tangents.testkit;

import java.util.List;
import java.util.stream.Stream;

/** Every primitive with its domain, shapes, tolerance and a second formula: one line or more. */
public final class PrimitiveTable {
  private PrimitiveTable() {}

  /** All lines. */
  public static List<PrimitiveCase> all() {
    return Stream.of(
            ElementwiseCases.all(), MovingCases.all(), FoldingCases.all(), MatrixCases.all())
        .flatMap(List::stream)
        .toList();
  }
}

package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import java.util.List;

/** A tile whose edges fill no share of a block, and whose terms have all forms. */
final class Ragged {
  private Ragged() {}

  /** The tile in an arithmetic. */
  static TileSum tile(Arithmetic arithmetic) {
    return new TileSum(
        300,
        200,
        0.25,
        List.of(
            new TileSum.Term(784, 1024, 1, 1),
            new TileSum.Term(0, 10, 0, 0.5),
            new TileSum.Term(1023, 1, 0, 1)),
        arithmetic);
  }
}

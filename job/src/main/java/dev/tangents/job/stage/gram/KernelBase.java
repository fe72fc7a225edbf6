package dev.tangents.job.stage.gram;

import dev.tangents.job.io.output.KernelManifest;
import dev.tangents.job.io.output.RunHashes;
import dev.tangents.job.plan.KernelChoices;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.stage.sample.KnownSamples;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The kernel that a run adds samples to.
 *
 * @param sides samples of the rows, and of the columns where these are others; empty if there is no
 *     kernel yet
 * @param runs that its tiles are from
 * @param sources what its samples were read from
 * @param choices what its plan had decided
 */
public record KernelBase(
    List<KnownSamples> sides, RunHashes runs, Sources sources, Optional<KernelChoices> choices) {
  /** No kernel: all is to be computed. */
  static final KernelBase NONE =
      new KernelBase(List.of(), RunHashes.none(), Sources.NONE, Optional.empty());

  /** Copies the list. */
  public KernelBase {
    sides = List.copyOf(sides);
  }

  /** The kernel that a manifest describes. */
  public static KernelBase of(KernelManifest manifest) {
    KernelChoices choices = manifest.choices();
    return new KernelBase(
        manifest.sides().stream()
            .map(side -> new KnownSamples(side.bounds().panels(choices.tile()), side.hashes()))
            .toList(),
        manifest.runs(),
        Sources.of(manifest),
        Optional.of(choices));
  }

  /** What is there of a side. */
  public KnownSamples side(int number) {
    return sides.isEmpty() ? KnownSamples.NONE : sides.get(number);
  }

  /** The last side: that of the columns. */
  public KnownSamples columns() {
    return side(sides.size() - 1);
  }

  /**
   * The grid of all tiles, those that are there and those of added samples.
   *
   * @param added samples of each side, 0 for none
   */
  public TileGrid grid(List<Long> added) {
    List<Panels> all =
        IntStream.range(0, sides.size())
            .mapToObj(i -> extended(sides.get(i).panels(), added.get(i)))
            .toList();
    return new TileGrid(
        all.get(0),
        all.get(all.size() - 1),
        all.size() == 1,
        side(0).panels().count(),
        columns().panels().count());
  }

  private static Panels extended(Panels panels, long added) {
    return added == 0 ? panels : panels.and(added);
  }
}

package dev.tangents.job.stage.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.job.io.panel.FactorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiles of panels and the check of them, on one worker. */
class TileWorkerTest {
  private static final int SAMPLES = 8;

  private static final org.apache.hadoop.conf.Configuration HADOOP =
      new org.apache.hadoop.conf.Configuration();

  private TileWorker worker;

  /** A panel whose factors are stored. */
  private record Stored(RandomPanel samples, Path factors) implements PanelSource {
    @Override
    public String name() {
      return samples.name();
    }

    @Override
    public int rows() {
      return samples.rows();
    }

    @Override
    public HostTensor read() {
      return samples.read();
    }

    @Override
    public Optional<FactorFile> factors(int pass) throws IOException {
      return Optional.of(FactorFile.open(HADOOP, factors, Precision.FLOAT));
    }
  }

  /** Stores the factors of the row panel, changed on their way. */
  private TileWorker.Pair stored(java.nio.file.Path folder, Consumer<HostTensor> change) {
    RandomPanel samples = (RandomPanel) PAIR.rows();
    Path file = new Path(folder.resolve("factors").toUri());
    worker.store(
        samples,
        0,
        factors ->
            FactorFile.write(
                HADOOP,
                file,
                1,
                sink ->
                    factors.read(
                        numbers -> {
                          change.accept(numbers);
                          sink.accept(numbers);
                        })));
    return new TileWorker.Pair(new Stored(samples, file), PAIR.columns());
  }

  private static final TileWorker.Pair PAIR =
      new TileWorker.Pair(
          new RandomPanel("samples/panel-0", 7, Kernels.WIDTH, 1),
          new RandomPanel("samples/panel-1", 5, Kernels.WIDTH, 2));

  private void open(String kernel) {
    worker = Kernels.workers(kernel, SAMPLES).get();
  }

  @AfterEach
  void close() {
    worker.close();
  }

  private List<HostTensor> tile() {
    return worker.tiles(List.of(PAIR), Set.of()).get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace", "full", "per-output", "sum"})
  void aSoundTilePassesAndOneWrongEntryDoesNot(String kernel) {
    open(kernel);
    List<HostTensor> tile = tile();
    assertTrue(worker.residual(PAIR, tile, 0) < 1e-5);
    assertTrue(worker.residual(PAIR, tile, 1) < 1e-5);
    float[] numbers = tile.get(0).floats();
    for (int at : new int[] {0, numbers.length / 2, numbers.length - 1}) {
      float sound = numbers[at];
      numbers[at] = sound + 1;
      double residual = worker.residual(PAIR, tile, 0);
      assertTrue(residual > 1e-3, () -> kernel + ", entry " + at + ": " + residual);
      numbers[at] = sound;
    }
    numbers[0] = Float.NaN;
    assertTrue(worker.residual(PAIR, tile, 0) == Double.POSITIVE_INFINITY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace", "full", "per-output", "sum"})
  void storedFactorsGiveTheSameBitsAlsoWhereTheirFileIsDamaged(
      String kernel, @TempDir java.nio.file.Path folder) throws IOException {
    open(kernel);
    float[] computed = tile().get(0).floats().clone();
    TileWorker.Pair pair = stored(folder, numbers -> {});
    worker.drop(PAIR);
    assertArrayEquals(computed, worker.tiles(List.of(pair), Set.of()).get(0).get(0).floats());

    java.nio.file.Path file = folder.resolve("factors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[17] ^= 1;
    Files.write(file, bytes);
    worker.drop(PAIR);
    assertArrayEquals(computed, worker.tiles(List.of(pair), Set.of()).get(0).get(0).floats());
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    worker.drop(PAIR);
    assertArrayEquals(computed, worker.tiles(List.of(pair), Set.of()).get(0).get(0).floats());
  }

  @Test
  void oneWrongEntryOfOneFactorIsCaught(@TempDir java.nio.file.Path folder) {
    open("trace");
    boolean[] changed = new boolean[1];
    TileWorker.Pair pair =
        stored(
            folder,
            numbers -> {
              if (!changed[0]) {
                numbers.floats()[0] += 1;
                changed[0] = true;
              }
            });
    List<HostTensor> tile = worker.tiles(List.of(pair), Set.of()).get(0);
    double residual = worker.residual(pair, tile, 0);
    assertTrue(residual > 1e-3, () -> "residual " + residual);
    worker.drop(pair);
    assertTrue(worker.residual(PAIR, tile(), 1) < 1e-5);
  }

  @Test
  void droppedPanelsAreReadAgainAndGiveTheSameBits() {
    open("trace");
    float[] before = tile().get(0).floats().clone();
    worker.drop(PAIR);
    assertArrayEquals(before, tile().get(0).floats());
  }

  /** With no cache there is room for two panels: the third takes the place of one of them. */
  @Test
  void panelsThatMakeRoomAreComputedAgainWithTheSameBits() {
    open("trace");
    float[] before = tile().get(0).floats().clone();
    TileWorker.Pair other =
        new TileWorker.Pair(PAIR.rows(), new RandomPanel("samples/panel-2", 7, Kernels.WIDTH, 3));
    worker.tiles(List.of(other, PAIR, other), Set.of(PAIR.rows().name()));
    assertArrayEquals(before, tile().get(0).floats());
  }
}

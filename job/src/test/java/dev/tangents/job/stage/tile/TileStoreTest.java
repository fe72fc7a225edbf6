package dev.tangents.job.stage.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.output.RunHashes;
import dev.tangents.job.io.tile.TileReader;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.io.tile.TileWriter;
import dev.tangents.job.plan.Panels;
import dev.tangents.job.plan.Tile;
import dev.tangents.job.plan.TileGrid;
import dev.tangents.job.report.ReportAxis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tiles count as there: those that are whole, and of the run. */
class TileStoreTest {
  private static final Configuration HADOOP = new Configuration();
  private static final int SIZE = 3;

  /** Panels of samples 0 to 2, and 3 and 4. */
  private static final Panels PANELS = new Panels(5, SIZE);

  private static final TileGrid GRID = new TileGrid(PANELS, PANELS, true);
  private static final Tile UPPER = new Tile(0, 1);

  @TempDir private Path folder;

  private final TaskReport report = new TaskReport("an engine", List.of());

  private TileStore store(String run, boolean mirror) {
    RunHashes runs = RunHashes.none().and(run, GRID);
    TileWriter.Form form =
        new TileWriter.Form(List.of(""), Precision.FLOAT, Compression.NONE, Map.of());
    return new TileStore(
        HADOOP, folder.toString(), 7, form, new TileStore.Contents(GRID, runs, mirror));
  }

  private static TileSummaries summaries() {
    ReportAxis axis = ReportAxis.of((int) PANELS.samples(), List.of(), 4, false);
    return new TileSummaries(GRID, axis, axis);
  }

  private static TileValues values(int rows, int columns) {
    float[] numbers = new float[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i + 1;
    }
    return new TileValues(
        TileValues.Form.SINGLE, 1, List.of(HostTensor.of(Shape.of(1, rows, columns), numbers)));
  }

  private long write(TileStore store) throws IOException {
    TileValues values = values(3, 2);
    return store.write(UPPER, values, summaries().of(UPPER, values).facts());
  }

  private Optional<TileStore.Kept> find(TileStore store) throws IOException {
    return store.find(UPPER, summaries(), report);
  }

  private Path file(Tile tile) {
    return folder.resolve(tile.fileName());
  }

  @Test
  void whatWasWrittenIsFoundWithItsSizeAndFacts() throws IOException {
    TileStore store = store("run", false);
    assertEquals(Optional.empty(), find(store));
    long bytes = write(store);
    TileStore.Kept kept = find(store).orElseThrow();
    assertEquals(bytes, kept.bytes());
    assertEquals(Files.size(file(UPPER)), kept.bytes());
    assertEquals("run", kept.facts().get(RunHashes.FOOTER));
    assertEquals(List.of(), report.advice());
  }

  @Test
  void aTileOfAnotherRunIsRemovedAndTheUserIsTold() throws IOException {
    write(store("another", false));
    assertEquals(Optional.empty(), find(store("run", false)));
    assertFalse(Files.exists(file(UPPER)));
    assertEquals(1, report.advice().size());
    assertTrue(report.advice().get(0).contains("is of another run"), report.advice()::toString);
  }

  /** Of a footer's names and statistics, which carry no checksum, nobody takes a number. */
  @Test
  void whicheverByteIsAnotherTheNumbersAreThoseOrTheTileIsRemoved() throws IOException {
    TileStore store = store("run", false);
    write(store);
    byte[] whole = Files.readAllBytes(file(UPPER));
    int removed = 0;
    for (int i = 0; i < whole.length; i++) {
      byte[] bytes = whole.clone();
      bytes[i] ^= 1;
      Files.write(file(UPPER), bytes);
      if (find(store).isPresent()) {
        assertArrayEquals(values(3, 2).components().get(0).floats(), floats(UPPER), "byte " + i);
      } else {
        assertFalse(Files.exists(file(UPPER)), "byte " + i);
        removed++;
      }
    }
    assertTrue(removed > whole.length / 2, removed + " of " + whole.length);
  }

  private float[] floats(Tile tile) throws IOException {
    try (TileReader reader =
        TileReader.open(HADOOP, new org.apache.hadoop.fs.Path(file(tile).toUri()))) {
      return reader.read().components().get(0).floats();
    }
  }

  /** Every checksum of such a file is right. */
  @Test
  void aTileWhoseFooterSumsOthersNumbersIsRemoved() throws IOException {
    TileStore store = store("run", false);
    TileValues other = values(3, 2);
    other.components().get(0).floats()[0] = 100;
    store.write(UPPER, values(3, 2), summaries().of(UPPER, other).facts());
    assertEquals(Optional.empty(), find(store));
    assertFalse(Files.exists(file(UPPER)));
    assertTrue(report.advice().get(0).contains(TileSummaries.SUMS), report.advice()::toString);
  }

  @Test
  void aFileUnderAnotherTilesNameIsRemoved() throws IOException {
    TileStore store = store("run", false);
    write(store);
    Tile diagonal = new Tile(0, 0);
    Files.move(file(UPPER), file(diagonal));
    assertEquals(Optional.empty(), store.find(diagonal, summaries(), report));
    assertFalse(Files.exists(file(diagonal)));
  }

  @Test
  void bothHalvesAreThereTransposedAndOneAloneIsNotEnough() throws IOException {
    TileStore store = store("run", true);
    long bytes = write(store);
    Tile lower = UPPER.transposed();
    assertEquals(Files.size(file(UPPER)) + Files.size(file(lower)), bytes);
    assertEquals(bytes, find(store).orElseThrow().bytes());
    try (TileReader reader =
        TileReader.open(HADOOP, new org.apache.hadoop.fs.Path(file(lower).toUri()))) {
      assertEquals(lower, reader.tile());
      assertEquals(SIZE, reader.rowStart());
      assertEquals(0, reader.columnStart());
      assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, reader.read().components().get(0).floats());
    }
    Files.delete(file(lower));
    assertEquals(Optional.empty(), find(store));
    assertTrue(Files.exists(file(UPPER)), "the half that is whole stays");
  }

  /** By footers alone, which say what the report needs. */
  @Test
  void aDescribedTileIsOfTheRunAndIsLeftToItsReaderWhereItIsNot() throws IOException {
    write(store("another", false));
    assertEquals(Optional.empty(), store("run", false).described(UPPER, summaries()));
    assertTrue(Files.exists(file(UPPER)));
  }
}

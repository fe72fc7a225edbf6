package dev.tangents.job.io.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.job.config.Choices.Compression;
import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.panel.FactorFile;
import dev.tangents.job.io.panel.PanelWriter;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.job.io.tile.TileReader;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.io.tile.TileWriter;
import dev.tangents.job.plan.Tile;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store where a file is there when its stream is closed, and nothing is renamed. */
class ObjectStoreTest {
  @TempDir private java.nio.file.Path folder;
  private Configuration hadoop;

  /** As a store of objects behaves, on the local disk. */
  public static final class Store extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("store:///");
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
      return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM)
          || super.hasPathCapability(path, capability);
    }

    @Override
    public FSDataOutputStream create(
        Path path,
        FsPermission permission,
        boolean overwrite,
        int buffer,
        short replication,
        long block,
        Progressable progress) {
      return new FSDataOutputStream(new Put(pathToFile(path)), null);
    }

    @Override
    public boolean rename(Path from, Path to) {
      throw new AssertionError("Renamed " + from);
    }
  }

  private static final class Put extends ByteArrayOutputStream implements Abortable {
    private final File file;
    private boolean over;

    Put(File file) {
      this.file = file;
    }

    @Override
    public void close() throws IOException {
      if (!over) {
        over = true;
        Files.createDirectories(file.toPath().getParent());
        Files.write(file.toPath(), toByteArray());
      }
    }

    @Override
    public AbortableResult abort() {
      over = true;
      return null;
    }
  }

  @BeforeEach
  void configure() {
    hadoop = new Configuration();
    hadoop.setClass("fs.store.impl", Store.class, org.apache.hadoop.fs.FileSystem.class);
  }

  private Path path(String name) {
    return new Path("store://" + folder.resolve(name));
  }

  private List<String> files() {
    String[] names = folder.toFile().list();
    Arrays.sort(names);
    return List.of(names);
  }

  @Test
  void aTileHasItsNameWhenItsStreamIsClosed() throws IOException {
    HostTensor numbers = HostTensor.of(Shape.of(1, 2, 3), 1f, 2f, 3f, 4f, 5f, 6f);
    TileValues values = new TileValues(TileValues.Form.SINGLE, 1, List.of(numbers));
    TileWriter.Form form =
        new TileWriter.Form(List.of(""), Precision.FLOAT, Compression.NONE, Map.of());
    new TileWriter(hadoop, path(""), 7, form).write(new Tile(0, 1), 0, 2, values, Map.of());
    assertEquals(List.of("tile-00000-00001.parquet"), files());
    try (TileReader reader = TileReader.open(hadoop, path("tile-00000-00001.parquet"))) {
      assertEquals(6, reader.read().components().get(0).at(5));
    }
  }

  @Test
  void whatIsNotCommittedIsNeverThere() throws IOException {
    PanelWriter.Form form =
        new PanelWriter.Form(Scalar.Type.NONE, Scalar.Type.NONE, Precision.FLOAT, 2);
    try (PanelWriter writer = new PanelWriter(hadoop, path("panel-00000.parquet"), 1, form)) {
      writer.write(
          0, Sample.good("f", 0, Scalar.NONE, Scalar.NONE, new double[] {1, 2}, new double[0][]));
    }
    assertEquals(List.of(), files());
    assertThrows(
        IllegalStateException.class,
        () ->
            FactorFile.write(
                hadoop,
                path("panel-00000-00000.factors"),
                1,
                sink -> {
                  sink.accept(HostTensor.of(Shape.of(2), 1f, 2f));
                  throw new IllegalStateException("the network failed");
                }));
    assertEquals(List.of(), files());
  }

  @Test
  void factorsAreReadBack() throws IOException {
    Path file = path("panel-00000-00000.factors");
    HostTensor numbers = HostTensor.of(Shape.of(2), 1f, 2f);
    assertEquals(8 + 8, FactorFile.write(hadoop, file, 1, sink -> sink.accept(numbers)));
    try (FactorFile factors = FactorFile.open(hadoop, file, Precision.FLOAT)) {
      assertEquals(2, factors.apply(Shape.of(2)).at(1));
      factors.requireWhole();
    }
  }
}

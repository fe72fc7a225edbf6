package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.job.cli.VerifyCommand;
import dev.tangents.job.plan.Amounts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory that was there when the run was planned is gone when the first tile needs it. */
class MemoryBackoffIT {
  private static final String IMPLEMENTATION = "spark.hadoop.fs.hog.impl";

  /** Bytes that are left: less than the factors of all samples in one panel, 185 MB. */
  private static final long LEFT = 200_000_000;

  @TempDir private Path folder;

  /** The local disk; the first task that reads a panel finds the memory taken by somebody else. */
  public static final class Hog extends RawLocalFileSystem {
    private static final AtomicReference<BytePointer> TAKEN = new AtomicReference<>();

    @Override
    public URI getUri() {
      return URI.create("hog:///");
    }

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize)
        throws IOException {
      if (path.toString().contains("/samples/panel-") && TAKEN.get() == null) {
        TAKEN.set(new BytePointer(Pointer.maxBytes() - Pointer.totalBytes() - LEFT));
      }
      return super.open(path, bufferSize);
    }
  }

  @BeforeEach
  void arm() {
    System.setProperty(IMPLEMENTATION, Hog.class.getName());
  }

  @AfterEach
  void free() {
    System.clearProperty(IMPLEMENTATION);
    BytePointer taken = Hog.TAKEN.getAndSet(null);
    if (taken != null) {
      taken.close();
    }
  }

  @Test
  void theRunIsPlannedAgainWithSmallerPanels() throws IOException {
    Gram gram = gram("hog://" + folder.resolve("out"));
    assertEquals(0, gram.code(), gram.err());
    assertTrue(Hog.TAKEN.get() != null, "the memory was there all the time");
    assertTrue(
        gram.err().contains("less memory than planned with; trying panels of at most 512 MiB"),
        gram.err());
    JsonNode manifest = new ObjectMapper().readTree(folder.resolve("out/_tangents.json").toFile());
    assertTrue(manifest.get("samples").get("panels").size() > 1, manifest::toPrettyString);
    try (Stream<Path> tiles = Files.list(folder.resolve("out/kernel"))) {
      long files = tiles.filter(file -> file.toString().endsWith(".parquet")).count();
      assertEquals(manifest.get("tiles").asLong(), files, "tiles of the first plan are left");
    }
    Ran verified =
        Ran.of(new VerifyCommand(), folder.resolve("out").toString(), "--master", "local[1]");
    assertEquals(0, verified.code(), verified.err());

    // With all memory there again, the run goes on with the panels that it has.
    free();
    Files.delete(folder.resolve("out/_SUCCESS"));
    Files.delete(folder.resolve("out/_tangents.json"));
    Files.delete(folder.resolve("out/kernel/tile-00000-00001.parquet"));
    Gram resumed = gram(folder.resolve("out").toString(), "--if-exists", "resume");
    assertEquals(0, resumed.code(), resumed.err());
    long tiles = manifest.get("tiles").asLong();
    String there =
        "resumed: %s of %s tiles are there"
            .formatted(Amounts.count(tiles - 1), Amounts.count(tiles));
    assertTrue(resumed.err().contains(there), resumed.err());
  }

  private static Gram gram(String output, String... more) {
    List<String> flags = new ArrayList<>(List.of("--model", "mlp:64-1024-1024-10:relu?seed=1"));
    flags.addAll(List.of("--input", Gram.DIGITS, "--id", "id", "--factors", "recompute"));
    flags.addAll(List.of("--master", "local[1]", "--output", output));
    flags.addAll(List.of(more));
    return Gram.run(flags.toArray(String[]::new));
  }
}

package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of two files, whose path is spelled in any way that Hadoop understands. */
class ModelPathsIT {
  private static final Path HERE = Path.of("").toAbsolutePath();
  private static final double[] WEIGHTS = {2, 3};

  @TempDir private Path folder;

  /** Below the folder in which the program runs, for paths from there. */
  private Path near;

  @BeforeEach
  void writeModel() throws IOException {
    near = Files.createTempDirectory(Path.of("target"), "models");
    Files.writeString(
        near.resolve("m.json"),
        """
        {"format": "tangents-network", "version": 1, "input": {"shape": [2]},
         "parameters": {"W": {"npy": "W.npy"}}, "layers": [{"op": "dense", "weight": "W"}]}
        """);
    byte[] header =
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }"
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer npy = ByteBuffer.allocate(10 + header.length + 2 * Double.BYTES);
    npy.order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93);
    npy.put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0);
    npy.putShort((short) header.length).put(header);
    npy.putDouble(WEIGHTS[0]).putDouble(WEIGHTS[1]);
    Files.write(near.resolve("W.npy"), npy.array());
  }

  @AfterEach
  void deleteModel() throws IOException {
    for (String file : List.of("m.json", "W.npy", "")) {
      Files.delete(near.resolve(file));
    }
  }

  private List<String> spellings() {
    return Stream.of(
            "NEAR/m.json",
            "./NEAR/m.json",
            "target/../NEAR/m.json",
            "../HERE//NEAR/m.json",
            "ROOT/NEAR/m.json",
            "ROOT//NEAR/m.json",
            "ROOT/./NEAR/m.json",
            "file:ROOT/NEAR/m.json",
            "file://ROOT/NEAR/m.json")
        .map(this::path)
        .toList();
  }

  private String path(String spelling) {
    return spelling
        .replace("NEAR", near.toString())
        .replace("HERE", HERE.getFileName().toString())
        .replace("ROOT", HERE.toString());
  }

  @Test
  void ofQueries() throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.extensions", "dev.tangents.udfs.TangentsExtensions")
            .getOrCreate()) {
      for (String model : spellings()) {
        String x = "', array(id, 1)";
        String query = "SELECT tangents_predict('" + model + x + ")[0] FROM range(3)";
        List<Float> found =
            spark.sql(query).collectAsList().stream().map(row -> row.getFloat(0)).toList();
        assertEquals(List.of(3f, 5f, 7f), found, model);
        String mean = "SELECT tangents_mean_ntk('" + model + x + ") FROM range(3)";
        assertEquals(2, spark.sql(mean).head().getDouble(0), 1e-9, model);
      }
      String two =
          "SELECT tangents_predict('%s', x)[0], tangents_jacobian('%s', x)[0][1] FROM (SELECT array(1, 2) AS x FROM range(1))"
              .formatted(spellings().get(0), spellings().get(1));
      assertEquals("[8.0,3.0]", spark.sql(two).head().toString());
    }
  }

  private String samples() throws IOException {
    Path samples = folder.resolve("samples.json");
    return Files.writeString(samples, "{\"x\": [1, 2]}\n{\"x\": [0, 1]}\n").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"./NEAR/m.json", "../HERE//NEAR/m.json", "file://ROOT/NEAR/m.json"})
  void ofACommandOverRows(String spelling) throws IOException {
    RowRuns run =
        RowRuns.run(
            "jacobian",
            folder.resolve("out"),
            "--model",
            path(spelling),
            "--input",
            samples(),
            "--features",
            "x");
    assertEquals(0, run.code(), run.err());
    for (RowRuns.Entry entry : RowRuns.entries(folder.resolve("out"))) {
      assertArrayEquals(WEIGHTS, entry.values());
    }
  }

  @Test
  void ofAGram() throws IOException {
    Gram gram =
        Gram.run(
            "--model",
            path("./NEAR/m.json"),
            "--input",
            samples(),
            "--features",
            "x",
            "--output",
            folder.resolve("gram").toString(),
            "--master",
            "local[2]");
    assertEquals(0, gram.code(), gram.err());
    Map<String, Double> found = Kernels.entries(folder.resolve("gram/kernel"));
    assertEquals(5, found.get("0 0"), 1e-6);
    assertEquals(2, found.get("0 1"), 1e-6);
  }
}

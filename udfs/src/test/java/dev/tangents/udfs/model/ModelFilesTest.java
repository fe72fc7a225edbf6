package dev.tangents.udfs.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that the driver read are found by whoever reads the same model. */
class ModelFilesTest {
  private static final byte[] MODEL = {1, 2, 3};
  private static final byte[] WEIGHTS = {4, 5};

  @TempDir private Path folder;

  /** A file whose path is spelled in a way, and one beside it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "FOLDER/m.json",
        "file://FOLDER/m.json",
        "file:FOLDER/m.json",
        "FOLDER//m.json",
        "FOLDER/./m.json",
        "FOLDER/x/../m.json",
        "FOLDER/m.json/",
      })
  void anySpellingIsFoundAgain(String spelling) throws IOException {
    Files.write(folder.resolve("m.json"), MODEL);
    Files.write(folder.resolve("weights of m.bin"), WEIGHTS);
    String path = spelling.replace("FOLDER", folder.toString());
    ModelFiles files = new ModelFiles();
    read(path, files.recording(ModelFilesTest::open, 100));
    Files.delete(folder.resolve("m.json"));
    Files.delete(folder.resolve("weights of m.bin"));
    read(path, ModelFiles.of(files.bytes()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"m.json", "./m.json", "x/../m.json", "../x//m.json", "./a:b.json"})
  void aPathFromWhereTheProgramRuns(String path) {
    ModelFiles files = new ModelFiles();
    Function<String, ModelSource> open =
        files.recording(name -> new Given(new org.apache.hadoop.fs.Path(name).toString()), 100);
    read(path, open);
    read(path, ModelFiles.of(files.bytes()));
  }

  private static HadoopModelSource open(String path) {
    return new HadoopModelSource(new org.apache.hadoop.fs.Path(path), new Configuration());
  }

  private static void read(String path, Function<String, ModelSource> open) {
    ModelSource model = open.apply(path);
    assertArrayEquals(MODEL, model.bytes(100));
    assertArrayEquals(WEIGHTS, model.sibling("weights of m.bin").bytes(100));
    assertEquals(new org.apache.hadoop.fs.Path(path).toString(), model.name());
  }

  @Test
  void whatTheDriverHasNotReadIsNotThere() {
    ModelSource model = ModelFiles.of(Map.of("m.json", MODEL)).apply("n.json");
    String message = assertThrows(TangentsException.class, () -> model.bytes(100)).getMessage();
    assertTrue(message.contains("n.json: not among those that the driver read: [m.json]"), message);
  }

  /** A file that needs no folder. */
  private record Given(String name) implements ModelSource {
    @Override
    public java.io.InputStream open() {
      return new java.io.ByteArrayInputStream(name.endsWith(".bin") ? WEIGHTS : MODEL);
    }

    @Override
    public ModelSource sibling(String fileName) {
      return new Given(name.substring(0, name.lastIndexOf('/') + 1) + fileName);
    }
  }
}

package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users get wrong: a message that names the thing and the cure, and nothing touched. */
class GramMistakesIT {
  @TempDir private Path folder;

  @Test
  void dryRunPrintsThePlanAndWritesNothing() {
    Path output = folder.resolve("out");
    Gram gram = Gram.digits(output, "--dry-run", "--kernel", "full", "--tile", "100");
    assertEquals(0, gram.code(), gram.err());
    assertFalse(Files.exists(output));
    assertTrue(gram.out().matches("(?s).*\nN  samples +1,797\n.*"), gram.out());
    assertTrue(gram.out().matches("(?s).*\nP  parameters +17,226\n.*"), gram.out());
    assertTrue(gram.out().contains("171 of up to 100 x 100, from 18 panels"), gram.out());
    assertTrue(gram.out().matches("(?s).*\n0_W +inputs-first +1 .*"), gram.out());
  }

  /** The network of the example ends in one; whoever says what is meant is not told. */
  @Test
  void theKernelOfProbabilitiesIsSaidToBeThat() {
    String note = "note: the model ends in a softmax, so this is the kernel of its probabilities.";
    List<String> flags = List.of("--model", Gram.MODEL, "--input", Gram.DIGITS, "--dry-run");
    Gram silent = Gram.run(flags.toArray(String[]::new));
    assertEquals(0, silent.code(), silent.err());
    assertTrue(silent.err().contains(note), silent.err());
    for (String meant : List.of("output", "logits")) {
      List<String> all = new ArrayList<>(flags);
      all.addAll(List.of("--model-output", meant));
      Gram gram = Gram.run(all.toArray(String[]::new));
      assertEquals(0, gram.code(), gram.err());
      assertFalse(gram.err().contains("softmax"), gram.err());
    }
  }

  @Test
  void existingOutputIsKept() throws IOException {
    Path output = Files.createDirectories(folder.resolve("out"));
    Path kept = Files.writeString(output.resolve("_SUCCESS"), "");
    Gram gram = Gram.digits(output, "--limit", "3");
    assertEquals(2, gram.code());
    assertTrue(gram.err().contains("or --if-exists overwrite to replace it"), gram.err());
    assertTrue(Files.exists(kept));
  }

  @Test
  void overwriteKeepsTheEarlierResultUntilTheInputIsChecked() throws IOException {
    Path output = Files.createDirectories(folder.resolve("out"));
    Path kept = Files.writeString(output.resolve("_SUCCESS"), "");
    Gram bad =
        Gram.digits(
            output,
            "--if-exists",
            "overwrite",
            "--features",
            "features",
            "--scale",
            "1e308",
            "--shift",
            "1e308",
            "--where",
            "id = 99999");
    assertEquals(1, bad.code());
    assertTrue(bad.err().contains("holds no row that is used"), bad.err());
    assertTrue(Files.exists(kept));
    Gram good = Gram.digits(output, "--if-exists", "overwrite", "--limit", "3");
    assertEquals(0, good.code(), good.err());
    assertTrue(good.out().contains("  1 tile, "), good.out());
    assertTrue(Files.exists(output.resolve("kernel/tile-00000-00000.parquet")));
  }

  @Test
  void wrongNamesAreNamed() {
    assertFails(2, "Column 'featurs': not in the input", "--features", "featurs");
    assertFails(2, "params: '9_*' matches no parameter", "--params", "9_*");
    assertFails(2, "Output 10: the model's outputs are 0 to 9", "--select-outputs", "10");
    assertFails(2, "input: no/such does not exist", "--input", "no/such");
    assertFails(2, "precision: the engine nd4j forms every product", "--precision", "tf32");
    assertFails(1, "Model file no.zip: cannot be read", "--model", "no.zip");
  }

  @Test
  void wrongWidthIsNamedByRow() {
    String message =
        assertFails(
            1, "rows that cannot be used", "--model", "mlp:63-8-2:relu", "--features", "features");
    assertTrue(
        message.contains("choose other columns with --features, or another --model"), message);
    assertTrue(
        message.contains("digits.parquet row 0 (id 0): 64 features; the model expects 63"),
        message);
    assertTrue(message.contains("and 1792 more"), message);
  }

  @Test
  void notANumberIsNamedByFileAndRow() throws IOException {
    Path csv =
        Files.writeString(folder.resolve("bad.csv"), "id,label,a,b\n0,1,1,2\n1,1,3,NaN\n2,0,5,6\n");
    String message =
        assertFails(
            1,
            "rows that cannot be used",
            "--model",
            "mlp:2-3-1:relu",
            "--input",
            csv.toString(),
            "--features",
            "a,b");
    assertTrue(message.contains("bad.csv row 1"), message);
    assertTrue(message.contains("NaN"), message);
    assertTrue(message.contains("leave them out with --where"), message);
  }

  @Test
  void unsupportedLayersAreNamedTogether() throws IOException {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new LocalResponseNormalization.Builder().name("even").build())
            .layer(new ZeroPaddingLayer.Builder(1, 1).name("frame").build())
            .layer(new OutputLayer.Builder().nOut(2).build())
            .setInputType(InputType.convolutionalFlat(8, 8, 1))
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    Path zip = folder.resolve("image.zip");
    ModelSerializer.writeModel(network, zip.toFile(), false);
    String message = assertFails(1, "image.zip", "--model", zip.toString());
    assertTrue(message.contains("even") && message.contains("frame"), message);
  }

  @Test
  void unknownKeyOfTheFileNamesTheNearest() throws IOException {
    Path file = Files.writeString(folder.resolve("run.conf"), "kernl = trace\n");
    Gram gram = Gram.run("--config", file.toString());
    assertEquals(2, gram.code());
    assertTrue(gram.err().contains("kernl: unknown setting"), gram.err());
    assertTrue(gram.err().contains("Did you mean kernel?"), gram.err());
  }

  @Test
  void strangersInTheOutputAreKept() throws IOException {
    Path output = Files.createDirectories(folder.resolve("own"));
    Path photo = Files.createDirectories(output.resolve("samples")).resolve("photo.jpg");
    Files.writeString(photo, "x");
    Gram gram = Gram.digits(output, "--if-exists", "overwrite", "--limit", "3");
    assertEquals(2, gram.code());
    assertTrue(
        gram.err().contains("what no run of Tangents wrote (samples/photo.jpg)"), gram.err());
    assertTrue(Files.exists(photo));
  }

  @Test
  void memoryIsTriedBeforeAnEarlierResultIsRemoved() throws IOException {
    Path output = Files.createDirectories(folder.resolve("out"));
    Path kept = Files.writeString(output.resolve("_SUCCESS"), "");
    Gram gram =
        Gram.digits(output, "--if-exists", "overwrite", "--kernel", "full", "--tile", "1700");
    assertEquals(1, gram.code());
    assertTrue(gram.err().contains("bytes outside of the Java heap"), gram.err());
    assertTrue(gram.err().contains("Use a smaller tile"), gram.err());
    assertTrue(Files.exists(kept));
  }

  @Test
  void tileThatCannotBeHeldIsRefusedBeforeAnythingIsTouched() {
    String message =
        assertFails(
            2,
            "Choose a smaller --tile",
            "--model",
            "mlp:64-4-60:relu",
            "--kernel",
            "full",
            "--tile",
            "1797");
    assertTrue(message.contains("at most 2,147,483,647"), message);
  }

  @Test
  void overflowNamesTheEntry() {
    String message = fails(1, "Kernel: K[0, 0] is", "--scale", "1e30", "--limit", "3");
    assertTrue(message.contains("--dtype double"), message);
  }

  /** Of an engine that computes in double, too, whose numbers the file would keep as floats. */
  @Test
  void overflowOfTheFilesWidthNamesTheEntry() {
    String message =
        fails(
            1,
            "Kernel: K[0, 0] is Infinity",
            "--engine",
            "reference",
            "--scale",
            "1e30",
            "--limit",
            "3");
    assertTrue(message.contains("--dtype double"), message);
  }

  @Test
  void unknownColumnOfAConditionIsNamedBesideThoseThatThereAre() {
    String message =
        assertFails(
            2,
            "where: 'lable < 5' names lable, which is no column of the input. It has id,"
                + " features, label. Did you mean 'label'?",
            "--where",
            "lable < 5");
    assertFalse(message.contains("SQLSTATE"), message);
    assertFalse(message.contains("tangents path"), message);
    assertFails(2, "where: 'label <' is no condition on this table", "--where", "label <");
  }

  /** Fails before anything is written. */
  private String assertFails(int code, String part, String... flags) {
    String message = fails(code, part, flags);
    assertFalse(Files.exists(folder.resolve("fails")));
    return message;
  }

  private String fails(int code, String part, String... flags) {
    Path output = folder.resolve("fails");
    Gram gram = Gram.digits(output, flags);
    assertTrue(gram.err().contains(part), gram.err());
    assertTrue(gram.err().startsWith("error ("), gram.err());
    assertTrue(gram.err().lines().count() < 12, gram.err());
    assertFalse(Files.exists(output.resolve("_SUCCESS")));
    assertEquals(code, gram.code(), gram.err());
    return gram.err();
  }
}

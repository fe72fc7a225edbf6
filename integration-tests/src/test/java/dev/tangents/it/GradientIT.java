package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.it.RowRuns.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of losses on the digits, and several quantities in one pass. */
class GradientIT {
  private static final String[] LOSS = {"--loss", "softmax-cross-entropy", "--label", "label"};

  @TempDir private Path folder;

  /** Identity 9: the mean of the gradients of all samples is the gradient of the mean. */
  @ParameterizedTest
  @CsvSource({"1, 256", "7, 4", "50, 50"})
  void meanOfGradientsIsGradientOfMean(String tile, String microBatch) throws IOException {
    String[] few = with(LOSS, "--limit", "50", "--params", "1_*,2_b", "--dtype", "double");
    Map<String, double[]> sum = new TreeMap<>();
    for (Entry entry : run("gradient", with(few, "--per-sample"))) {
      String parameter = entry.key().split(" ", -1)[1];
      double[] total = sum.computeIfAbsent(parameter, name -> new double[entry.values().length]);
      double[] values = entry.values();
      for (int i = 0; i < total.length; i++) {
        total[i] += values[i] / 50;
      }
    }
    List<Entry> mean = run("gradient", with(few, "--tile", tile, "--micro-batch", microBatch));
    assertEquals(List.of("1_W", "1_b", "2_b"), mean.stream().map(Entry::key).toList());
    for (Entry entry : mean) {
      assertArrayEquals(sum.get(entry.key()), entry.values(), 1e-14, entry.key());
    }
    assertFalse(Files.exists(folder.resolve("out/_sums-gradient")), "partial sums are removed");
  }

  @Test
  void accuracyIsThatOfTheModel() throws IOException {
    run("gradient", LOSS);
    JsonNode trained =
        new ObjectMapper().readTree(Gram.SAMPLES.resolve("digits-mlp.json").toFile());
    double test = trained.path("test_accuracy").asDouble();
    JsonNode manifest = manifest();
    // Four fifths of the rows are those it was trained on, one fifth those it was tested on.
    assertTrue(manifest.path("accuracy").asDouble() >= test, manifest.path("accuracy")::asText);
    assertTrue(manifest.path("mean-loss").asDouble() < 0.1, manifest.path("mean-loss")::asText);
  }

  /** Where batches are short, what is behind their samples is not counted. */
  @Test
  void accuracyDoesNotDependOnTheMicroBatch() throws IOException {
    String[] few = with(LOSS, "--limit", "60", "--dtype", "double", "--scale", "-1");
    run("gradient", with(few, "--micro-batch", "1"));
    JsonNode one = manifest();
    run("gradient", with(few, "--micro-batch", "37"));
    JsonNode two = manifest();
    assertTrue(one.path("accuracy").asDouble() < 1, "some are wrong");
    assertEquals(one.path("accuracy").asDouble(), two.path("accuracy").asDouble());
    assertEquals(one.path("mean-loss").asDouble(), two.path("mean-loss").asDouble(), 1e-12);
  }

  /** Neither slots nor partitions of the input nor a row order change a bit of the gradient. */
  @Test
  void sameBitsFromAnyPartitions() throws Exception {
    String[] flags = with(LOSS, "--id", "id", "--tile", "300", "--micro-batch", "64");
    List<Entry> one = run("gradient", with(flags, "--master", "local[1]"));
    List<Entry> two = run("gradient", with(flags, "--master", "local[2]"));
    List<Entry> many =
        run("gradient", with(flags, "--input", RowsSameBitsIT.divided(folder, 7, "true")));
    assertEquals(one, two);
    assertEquals(one, many);
    List<Entry> otherTree = run("gradient", with(flags, "--tile", "128"));
    assertFalse(one.equals(otherTree), "another tree of sums rounds otherwise");
  }

  @Test
  void clippedAndWeighted() throws IOException {
    String[] flags = with(LOSS, "--dtype", "double", "--limit", "40", "--params", "2_*");
    String[] weights = with(flags, "--weight", "id");
    List<Entry> gradients = run("gradient", with(weights, "--per-sample"));
    List<Entry> norms = run("gradient", with(weights, "--norms"));
    double bound = 0.25;
    Map<String, double[]> expected = new TreeMap<>();
    for (Entry entry : gradients) {
      String[] key = entry.key().split(" ", -1);
      double norm = norms.get(Integer.parseInt(key[0])).scalars().get("norm");
      double[] total = expected.computeIfAbsent(key[1], n -> new double[entry.values().length]);
      for (int i = 0; i < total.length; i++) {
        total[i] += entry.values()[i] * Math.min(1, bound / norm) / 40;
      }
    }
    for (Entry entry : run("gradient", with(weights, "--clip", "0.25"))) {
      assertArrayEquals(expected.get(entry.key()), entry.values(), 1e-14, entry.key());
    }
    double squares = 0;
    for (Entry entry : gradients.stream().filter(e -> e.key().startsWith("13 ")).toList()) {
      squares += entry.numbers().stream().mapToDouble(g -> g * g).sum();
    }
    assertEquals(Math.sqrt(squares), norms.get(13).scalars().get("norm"), 1e-12);
  }

  /** H g, and for a direction read from a run's own output. */
  @Test
  void hvpAlongTheGradientItself() throws IOException {
    String[] flags = with(LOSS, "--dtype", "double", "--limit", "30", "--params", "2_*");
    run("gradient", flags);
    Path gradient = folder.resolve("g");
    Files.move(folder.resolve("out"), gradient);
    List<Entry> g = RowRuns.entries(gradient);
    List<Entry> hg = run("hvp", with(flags, "--wrt", "params", "--direction", gradient.toString()));
    assertEquals(g.stream().map(Entry::key).toList(), hg.stream().map(Entry::key).toList());
    assertEquals(g.get(0).shape(), hg.get(0).shape());
    // The Hessian of a cross-entropy by the last layer alone is positive semidefinite.
    double curvature = 0;
    for (int p = 0; p < g.size(); p++) {
      for (int i = 0; i < g.get(p).values().length; i++) {
        curvature += g.get(p).values()[i] * hg.get(p).values()[i];
      }
    }
    assertTrue(curvature > 0, "g H g = " + curvature);
    RowRuns failed =
        RowRuns.run(
            "hvp",
            folder.resolve("bad"),
            with(
                digits(),
                "--loss",
                "softmax-cross-entropy",
                "--label",
                "label",
                "--wrt",
                "params",
                "--params",
                "0_W",
                "--direction",
                gradient.toString()));
    assertEquals(1, failed.code());
    assertTrue(failed.err().contains("has '2_W', which is not differentiated by."), failed.err());
  }

  /** Each folder of a derive is what the command of that quantity writes, in the same bits. */
  @Test
  void deriveIsTheSeparateCommands() throws IOException {
    String[] flags = {"--limit", "100", "--id", "id", "--tile", "60", "--micro-batch", "20"};
    String quantities =
        "gradient-norms, input-jacobian,laplacian,gradient,jvp,projected-jacobian,hessian-diagonal";
    String tangent = "1" + ",0.5".repeat(63);
    String[] all =
        with(
            with(flags, LOSS),
            "--quantities",
            quantities,
            "--mode",
            "reverse",
            "--tangent",
            tangent,
            "--project",
            "16",
            "--seed",
            "3",
            "--memory",
            "2000");
    RowRuns derived = RowRuns.run("derive", folder.resolve("all"), with(digits(), all));
    assertEquals(0, derived.code(), derived.err());
    assertFolder("gradient-norms", run("gradient", with(with(flags, LOSS), "--norms")));
    assertFolder("gradient", run("gradient", with(flags, LOSS)));
    assertFolder("input-jacobian", run("jacobian", with(flags, "--mode", "reverse")));
    assertFolder("laplacian", run("hessian", with(flags, "--laplacian")));
    assertFolder("hessian-diagonal", run("hessian", with(flags, "--diagonal")));
    assertFolder("jvp", run("jvp", with(flags, "--tangent", tangent)));
    String[] projected = {"--wrt", "params", "--project", "16", "--seed", "3"};
    assertFolder("projected-jacobian", run("jacobian", with(flags, projected)));
  }

  /** Equal up to the order of float sums, in which a joined graph may differ. */
  private void assertFolder(String quantity, List<Entry> expected) throws IOException {
    List<Entry> found = RowRuns.entriesIn(folder.resolve("all").resolve(quantity));
    assertEquals(
        expected.stream().map(Entry::key).toList(), found.stream().map(Entry::key).toList());
    for (int i = 0; i < found.size(); i++) {
      assertArrayEquals(expected.get(i).values(), found.get(i).values(), 1e-5, quantity);
      assertEquals(
          expected.get(i).scalars().toString(), found.get(i).scalars().toString(), quantity);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "label from 0 to 9    | id           | the label is 10.0; expected a class, one of the outputs 0-9",
        "label of one number  | features     | 64 label numbers; the model expects 10",
        "label in no row      | features     | No row can be used: choose other columns with --label, or",
        "label that is absent | lable        | Column 'lable': not in the input"
      })
  void wrongLabelsAreNamed(String what, String label, String message) {
    RowRuns failed =
        RowRuns.run(
            "gradient",
            folder.resolve("out"),
            with(digits(), "--loss", "softmax-cross-entropy", "--label", label));
    assertTrue(failed.code() != 0, what);
    assertTrue(failed.err().contains(message), failed.err());
    assertFalse(Files.exists(folder.resolve("out")), what);
  }

  /** Classes are the model's outputs, also where only some take part. */
  @Test
  void classesKeepTheirNumbersUnderASelection() throws IOException {
    String[] flags = {"--where", "label in (3, 7)", "--select-outputs", "7,3"};
    run("gradient", with(LOSS, flags));
    assertTrue(manifest().path("accuracy").asDouble() > 0.99, manifest()::toString);
    RowRuns failed =
        RowRuns.run(
            "gradient",
            folder.resolve("bad"),
            with(with(digits(), LOSS), "--select-outputs", "0,2-4"));
    assertEquals(1, failed.code(), failed.out());
    assertTrue(failed.err().contains("expected a class, one of the outputs 0,2-4"), failed.err());
  }

  /** A norm beyond a float would clip its gradient to nothing. */
  @Test
  void aNormThatOverflowsIsNamedByRow() throws IOException {
    Path rows = folder.resolve("rows.json");
    Files.writeString(rows, "{\"features\":[1,0],\"y\":1}\n{\"features\":[1e20,0],\"y\":1}\n");
    String network = Gram.SAMPLES.resolve("cases/g4-network.json").toString();
    for (String microBatch : List.of("2", "256")) {
      RowRuns failed =
          RowRuns.run(
              "gradient",
              folder.resolve("out"),
              "--model",
              network,
              "--input",
              rows.toString(),
              "--loss",
              "softmax-cross-entropy",
              "--label",
              "y",
              "--clip",
              "1",
              "--micro-batch",
              microBatch);
      assertEquals(1, failed.code(), failed.out());
      assertTrue(
          failed.err().contains("row 1: its derivative has a number that is not finite"),
          failed.err());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gradient --model-output output --loss softmax-cross-entropy --label label"
            + " | a cross-entropy takes logits, and the network ends in a softmax",
        "gradient --delta 3 --label label | delta: '3' (flag --delta) has a meaning only with --loss huber",
        "derive --quantities gradient-norms --label label --tangent v"
            + " | tangent: 'v' (flag --tangent) has a meaning only with --quantities that have jvp or hvp",
        "derive --quantities gradient-nroms | quantities: 'gradient-nroms' is none",
        "gradient --label label --clip 0 | clip: expected a number above 0, got 0.0. Leave it out",
        "gradient --per-sample --norms --label label | per-sample, norms: both were given",
        "determinant | expected a square Jacobian, got 10 outputs of 64 numbers",
        "jacobian --wrt inputs --project 4 | project: '4' (flag --project) has a meaning only with --wrt",
      })
  void flagsThatDoNotGoTogetherAreNamed(String line, String message) {
    String[] words = line.split(" ", -1);
    String[] flags = Arrays.copyOfRange(words, 1, words.length);
    RowRuns failed = RowRuns.run(words[0], folder.resolve("out"), with(digits(), flags));
    assertEquals(2, failed.code(), failed.err());
    assertTrue(failed.err().contains(message), failed.err());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  /** A transposed direction has as many numbers and would give plausible wrong ones. */
  @Test
  void aDirectionOfAnotherShapeIsRefused() throws IOException {
    String[] flags = with(LOSS, "--limit", "5", "--params", "0_W");
    run("gradient", flags);
    assertRefused(
        flags, "array(128, 64) as shape", "parameter '0_W': expected [64, 128], 8192 numbers");
    assertRefused(
        flags, "cast(null as array<int>) as shape", "a record with a null (parameter 0_W)");
  }

  /** An HVP along the gradient of the last run, with another column of shapes. */
  private void assertRefused(String[] flags, String shape, String message) throws IOException {
    String changed = folder.resolve("changed").toString();
    try (var spark = RowsSameBitsIT.spark()) {
      spark
          .read()
          .parquet(folder.resolve("out/data").toString())
          .selectExpr("parameter", shape, "values")
          .write()
          .mode("overwrite")
          .parquet(changed);
    }
    RowRuns failed =
        RowRuns.run(
            "hvp",
            folder.resolve("bad"),
            with(with(digits(), flags), "--wrt", "params", "--direction", changed));
    assertEquals(1, failed.code());
    assertTrue(failed.err().contains(message), failed.err());
  }

  /** More panels than a process may open files. */
  @Test
  void sumsOfManyPanels() throws IOException {
    String[] flags = with(LOSS, "--params", "2_b", "--dtype", "double", "--limit", "1500");
    double[] many =
        run("gradient", with(flags, "--tile", "1", "--micro-batch", "1")).get(0).values();
    assertArrayEquals(run("gradient", flags).get(0).values(), many, 1e-14);
  }

  /** Records go to files of their own size where a sum makes panels larger. */
  @Test
  void sumsDoNotMakeFilesLarger() throws IOException {
    String[] flags = with(LOSS, "--quantities", "gradient,parameter-jacobian", "--limit", "900");
    RowRuns derived =
        RowRuns.run(
            "derive", folder.resolve("all"), with(with(digits(), flags), "--memory", "4000"));
    assertEquals(0, derived.code(), derived.err());
    JsonNode json = new ObjectMapper().readTree(folder.resolve("all/_tangents.json").toFile());
    int files = (int) Math.ceil(900.0 / json.path("file-samples").asInt());
    assertTrue(files > 1, json::toString);
    try (var found = Files.list(folder.resolve("all/parameter-jacobian"))) {
      assertEquals(files, found.filter(f -> f.toString().endsWith(".parquet")).count());
    }
  }

  @Test
  void anEmptyInputIsSaid() {
    RowRuns failed =
        RowRuns.run(
            "gradient", folder.resolve("out"), with(with(digits(), LOSS), "--where", "id < 0"));
    assertEquals(1, failed.code());
    assertTrue(failed.err().contains("holds no row that is used"), failed.err());
  }

  private JsonNode manifest() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/_tangents.json").toFile());
  }

  private static String[] digits() {
    return new String[] {"--model", Gram.MODEL, "--model-output", "logits", "--input", Gram.DIGITS};
  }

  private static String[] with(String[] flags, String... more) {
    List<String> all = new ArrayList<>(List.of(flags));
    List<String> added = List.of(more);
    for (int i = 0; i < added.size(); i++) {
      int known = added.get(i).startsWith("--") ? all.indexOf(added.get(i)) : -1;
      if (known >= 0) {
        all.set(known + 1, added.get(++i));
      } else {
        all.add(added.get(i));
      }
    }
    return all.toArray(new String[0]);
  }

  private List<Entry> run(String command, String... flags) throws IOException {
    RowRuns run =
        RowRuns.run(
            command,
            folder.resolve("out"),
            with(digits(), with(flags, "--if-exists", "overwrite")));
    assertEquals(0, run.code(), run.err());
    return RowRuns.entries(folder.resolve("out"));
  }
}

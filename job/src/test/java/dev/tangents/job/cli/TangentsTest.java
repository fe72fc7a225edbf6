package dev.tangents.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.ModelSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.report.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TangentsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void doneIsZeroAndFlagsArrive(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.conf");
    Files.writeString(file, "tile = 8\nverify-model = true\n");
    int code =
        run(
            configuration -> {
              assertEquals(8L, configuration.get(Settings.TILE));
              assertEquals(true, configuration.get(Settings.DRY_RUN));
              assertEquals(false, configuration.get(Settings.VERIFY_MODEL));
              assertEquals(true, configuration.get(Settings.MIRROR));
            },
            "gram",
            "--config",
            file.toString(),
            "--dry-run",
            "--no-verify-model",
            "--mirror");
    assertEquals("", text(err));
    assertEquals(0, code);
  }

  @Test
  void bareFlagOfADefaultOfTrueStaysTrue() {
    assertEquals(
        0, run(c -> assertEquals(true, c.get(Settings.VERIFY_MODEL)), "gram", "--verify-model"));
  }

  @Test
  void valuesOfARepeatedFlagAreJoined() {
    assertEquals(
        0,
        run(
            c -> assertEquals("a=b,c=d,e=f", c.get(ModelSettings.TIE)),
            "gram",
            "--tie",
            "a=b",
            "--tie",
            "c=d,e=f"));
    assertEquals(2, run(c -> {}, "gram", "--where", "a", "--where", "b"));
    assertTrue(text(err).contains("--where' (SQL) should be specified only once"), text(err));
  }

  @Test
  void argumentAndShortFlagOfACommand() {
    Console console = new Console(new PrintStream(out, true), new PrintStream(err, true), false);
    Tangents tangents = new Tangents(List.of(new ExportCommand()), console);
    assertEquals(2, tangents.run("export", "no/such/folder", "--format", "npy", "--to", "k.npy"));
    assertEquals(
        "error (user): output: no/such/folder: no such folder. Check the path\n", text(err));
    err.reset();
    assertEquals(2, tangents.run("export", "--export-format", "nyp", "--to", "k.npy"));
    assertTrue(text(err).contains("did you mean npy?), got 'nyp' (flag --format)"), text(err));
    err.reset();
    assertEquals(2, tangents.run("export", "a", "b"));
    assertTrue(text(err).contains("unknown argument 'b'"), text(err));
  }

  @Test
  void unknownFlagNamesTheNearest() {
    assertEquals(2, run(c -> {}, "gram", "--featurs", "x"));
    assertEquals(
        "error: unknown argument '--featurs'. Did you mean '--features'?\nTry 'tangents gram"
            + " --help'.\n",
        text(err));
  }

  @Test
  void unknownCommandNamesTheNearest() {
    assertEquals(2, run(c -> {}, "grma"));
    assertEquals(
        "error: unknown command 'grma'. Did you mean 'gram'?\nTry 'tangents --help'.\n", text(err));
  }

  @Test
  void whatIsNearToNothingIsNotGuessed() {
    assertEquals(2, run(c -> {}, "frobnicate"));
    assertEquals("error: unknown command 'frobnicate'\nTry 'tangents --help'.\n", text(err));
    err.reset();
    assertEquals(2, run(c -> {}, "gram", "--colour", "x"));
    assertEquals("error: unknown argument '--colour'\nTry 'tangents gram --help'.\n", text(err));
  }

  @Test
  void commandsOfTwoWordsAreNamedOnce() {
    Console console = new Console(new PrintStream(out, true), new PrintStream(err, true), false);
    Tangents tangents = new Tangents(List.of(new GpuBenchCommand()), console);
    assertEquals(2, tangents.run("bench", "gpu", "--colour"));
    assertTrue(text(err).contains("Try 'tangents bench gpu --help'."), text(err));
    err.reset();
    assertEquals(2, tangents.run("bench", "cpu"));
    assertTrue(text(err).contains("unknown command 'cpu'"), text(err));
  }

  @Test
  void flagOfAnotherCommandIsNotTakenForAMistypedOne() {
    Console console = new Console(new PrintStream(out, true), new PrintStream(err, true), false);
    List<Command> commands = List.of(new Fake(c -> {}), new AppendCommand(), new ExportCommand());
    Tangents tangents = new Tangents(commands, console);
    assertEquals(2, tangents.run("append", "k", "--kernel", "full"));
    assertEquals(
        """
        error: unknown argument '--kernel': it is a flag of gram, not of append. Leave it out
        Try 'tangents append --help'.
        """,
        text(err));
    err.reset();
    assertEquals(2, tangents.run("export", "k", "--no-mirror"));
    assertTrue(text(err).contains("'--no-mirror': it is a flag of gram, not of"), text(err));
    err.reset();
    assertEquals(2, tangents.run("append", "k", "--export-format=npy"));
    assertTrue(text(err).contains("it is a flag of gram, export, not of append"), text(err));
    err.reset();
    assertEquals(2, tangents.run("export", "k", "--format", "parquet"));
    assertEquals(
        "error (user): export-format: expected one of npy, rows, got 'parquet' (flag --format)\n",
        text(err));
  }

  @Test
  void noCommandShowsUsage() {
    assertEquals(2, run(c -> {}));
    assertTrue(text(err).startsWith("Usage: tangents"), text(err));
  }

  @Test
  void missingConfigurationFileIsAMistakeOfTheUser() {
    assertEquals(2, run(c -> {}, "gram", "--config", "no/such.conf"));
    assertEquals(
        "error (user): no/such.conf: no such configuration file. Check the path\n", text(err));
  }

  @Test
  void helpListsEverySetting() {
    assertEquals(0, run(c -> {}, "gram", "--help"));
    for (Setting<?> setting : Settings.all()) {
      assertTrue(text(out).contains("--" + setting.key()) || setting.isFlag(), setting.key());
    }
    assertTrue(text(out).contains("--[no-]dry-run"), text(out));
  }

  @Test
  void settingsPrintsTheReference() {
    assertEquals(0, run(c -> {}, "--settings"));
    assertTrue(text(out).startsWith("# Settings\n"), text(out));
  }

  @Test
  void failuresAreMessagesWithoutStackTrace() {
    assertEquals(2, fail(TangentsException.user("wrong")));
    assertEquals("error (user): wrong\n", text(err));
    err.reset();
    assertEquals(1, fail(TangentsException.data("row 3")));
    assertEquals("error (data): row 3\n", text(err));
    err.reset();
    assertEquals(1, fail(new IllegalStateException("a\nb")));
    assertEquals(
        "error (internal): IllegalStateException: a\nRun it again with --stacktrace to see where it"
            + " arose.\n",
        text(err));
  }

  @Test
  void whatSparkWrapsIsUnwrappedThoughNobodyDeclaresIt() {
    SparkException wrapped = new SparkException("Job aborted", TangentsException.model("layer 3"));
    assertEquals(1, run(c -> TangentsTest.<RuntimeException>throwUndeclared(wrapped), "gram"));
    assertEquals("error (model): layer 3\n", text(err));
  }

  @SuppressWarnings("unchecked")
  private static <E extends Exception> void throwUndeclared(Exception e) throws E {
    throw (E) e;
  }

  @Test
  void stackTraceOnRequest() {
    Consumer<Configuration> failing =
        c -> {
          throw TangentsException.data("row 3");
        };
    assertEquals(1, run(failing, "gram", "--stacktrace"));
    assertTrue(text(err).contains("TangentsTest"), text(err));
    assertFalse(text(out).contains("row 3"), text(out));
  }

  private int fail(RuntimeException e) {
    return run(
        c -> {
          throw e;
        },
        "gram");
  }

  private int run(Consumer<Configuration> work, String... args) {
    Console console = new Console(new PrintStream(out, true), new PrintStream(err, true), false);
    return new Tangents(List.of(new Fake(work)), console).run(args);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private record Fake(Consumer<Configuration> work) implements Command {
    @Override
    public String name() {
      return "gram";
    }

    @Override
    public String summary() {
      return "Fake.";
    }

    @Override
    public List<Setting<?>> settings() {
      return Settings.all();
    }

    @Override
    public void run(Configuration configuration, Console console) {
      work.accept(configuration);
    }
  }
}

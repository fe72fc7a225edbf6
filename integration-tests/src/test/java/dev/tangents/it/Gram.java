package dev.tangents.it;

import dev.tangents.job.cli.GramCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs {@code tangents gram} in this JVM on the samples of the tree. */
record Gram(int code, String out, String err) {
  static final Path SAMPLES = Path.of("..", "data-samples");
  static final String DIGITS = SAMPLES.resolve("digits.parquet").toString();
  static final String MODEL = SAMPLES.resolve("digits-mlp.zip").toString();

  /** The digits network's logits, ordered by id, with {@code more} flags. */
  static Gram digits(Path output, String... more) {
    List<String> given = List.of(more);
    List<String> flags = new ArrayList<>(List.of("--id", "id", "--label", "label"));
    if (!given.contains("--model")) {
      flags.addAll(List.of("--model", MODEL, "--model-output", "logits"));
    }
    if (!given.contains("--input")) {
      flags.addAll(List.of("--input", DIGITS));
    }
    if (!given.contains("--master")) {
      flags.addAll(List.of("--master", "local[2]"));
    }
    flags.addAll(List.of("--output", output.toString()));
    flags.addAll(given);
    return run(flags.toArray(new String[0]));
  }

  /** Any flags. */
  static Gram run(String... flags) {
    Ran ran = Ran.of(new GramCommand(), flags);
    return new Gram(ran.code(), ran.out(), ran.err());
  }
}

package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.job.cli.AppendCommand;
import dev.tangents.job.cli.VerifyCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Kernels of the digits, and what is added to them. */
final class Appends {
  private Appends() {}

  /** The kernel of some digits. */
  static Path gram(Path folder, String name, String... more) {
    Path output = folder.resolve(name);
    Gram gram = Gram.digits(output, more);
    assertEquals(0, gram.code(), gram.err());
    return output;
  }

  /** Digits are added, on two threads. */
  static Ran append(Path output, String... more) {
    List<String> flags = new ArrayList<>(List.of(output.toString(), "--input", Gram.DIGITS));
    flags.addAll(List.of("--master", "local[2]"));
    flags.addAll(List.of(more));
    return Ran.of(new AppendCommand(), flags.toArray(String[]::new));
  }

  /** Checks that nothing is wrong with a kernel. */
  static void requireSound(Path output) {
    Ran verified = Ran.of(new VerifyCommand(), output.toString(), "--master", "local[2]");
    assertEquals(0, verified.code(), verified.err());
  }

  /** The bytes of every tile by the name of its file. */
  static Map<String, byte[]> tiles(Path output) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(output.resolve("kernel"))) {
      for (Path file : all.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** The manifest of a result. */
  static JsonNode manifest(Path output) throws IOException {
    return new ObjectMapper().readTree(output.resolve("_tangents.json").toFile());
  }

  /** The same flags and more. */
  static String[] with(String[] flags, String... more) {
    return Stream.concat(Arrays.stream(flags), Arrays.stream(more)).toArray(String[]::new);
  }
}

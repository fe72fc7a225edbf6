package dev.tangents.job.io.output;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.job.config.Configuration.Value;
import dev.tangents.job.io.output.KernelFolder.Bounds;
import dev.tangents.job.io.tile.TileValues;
import dev.tangents.job.plan.KernelChoices;
import dev.tangents.kernel.KernelKind;
import dev.tangents.kernel.Method;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What the manifest of a complete {@code gram} says. */
public final class KernelManifest {
  private static final String CONFIGURATION = "configuration";

  private static final TypeReference<List<Map<String, Object>>> SOURCES = new TypeReference<>() {};

  private final JsonNode facts;

  private KernelManifest(JsonNode facts) {
    this.facts = facts;
  }

  /**
   * Reads it.
   *
   * @throws TangentsException of category USER if the folder holds no complete kernel
   */
  public static KernelManifest read(Configuration hadoop, String folder) throws IOException {
    Path path = new Path(folder);
    return read(path.getFileSystem(hadoop), path);
  }

  static KernelManifest read(FileSystem fs, Path path) throws IOException {
    Path manifest = new Path(path, OutputFolder.MANIFEST);
    if (!fs.exists(path)) {
      throw TangentsException.user("output: %s: no such folder. Check the path", path);
    }
    if (!fs.exists(new Path(path, OutputFolder.SUCCESS)) || !fs.exists(manifest)) {
      throw incomplete(fs, path);
    }
    try (InputStream in = fs.open(manifest)) {
      return of(path.toString(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static TangentsException incomplete(FileSystem fs, Path path) throws IOException {
    if (fs.exists(new Path(path, AppendState.BASE))) {
      return TangentsException.user(
          "output: %s is being added to by an append that has not ended. If it was killed, run %s: it goes on where"
              + " it ended; with --if-exists overwrite it begins again",
          path, AppendState.continuing(fs, path));
    }
    boolean begun = fs.exists(new Path(path, RunRecord.NAME));
    return TangentsException.user(
        "output: %s is not complete: it has no %s. %s",
        path,
        OutputFolder.SUCCESS,
        begun
            ? "Let its run end first; if it was killed, give its gram command again with --if-exists"
                + " resume"
            : "Give the folder of a run that has ended");
  }

  /**
   * The manifest in a text.
   *
   * @param folder for messages
   * @throws TangentsException of category USER if it is not that of a kernel, DATA if it is damaged
   */
  static KernelManifest of(String folder, String text) {
    JsonNode facts;
    try {
      facts = new ObjectMapper().readTree(text);
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      throw TangentsException.data(
              "%s/%s: is damaged (%s). Run again with --if-exists overwrite",
              folder, OutputFolder.MANIFEST, e.getOriginalMessage())
          .causedBy(e);
    }
    String command = facts.path("command").asText();
    if (!command.equals("gram")) {
      throw TangentsException.user(
          "output: %s holds the result of '%s'; expected that of 'gram'. Give the folder of a kernel",
          folder, command);
    }
    return new KernelManifest(facts);
  }

  /** All of it, as JSON. */
  public String text() {
    return facts.toPrettyString();
  }

  /** Every setting that was set, with its origin. */
  public Map<String, Value> configuration() {
    Map<String, Value> values = new LinkedHashMap<>();
    facts
        .path(CONFIGURATION)
        .properties()
        .forEach(
            entry ->
                values.put(
                    entry.getKey(),
                    new Value(
                        entry.getValue().path("value").asText(),
                        entry.getValue().path("origin").asText())));
    return values;
  }

  /** SHA-256 of the model's bytes, in hex. */
  public String modelHash() {
    return facts.path("model").path("sha256").asText();
  }

  /** The runs that the tiles are from. */
  public RunHashes runs() {
    return RunHashes.parse(facts.path("runs"));
  }

  /** What the samples were read from, in their order; empty where that is not told. */
  public List<Map<String, Object>> sources() {
    JsonNode sources = facts.path("sources");
    return sources.isArray() ? new ObjectMapper().convertValue(sources, SOURCES) : List.of();
  }

  /** Whether tiles with row &lt;= column are all there is to know. */
  public boolean symmetric() {
    return facts.path("symmetric").asBoolean();
  }

  /** Whether both halves of a symmetric kernel are there. */
  public boolean mirrored() {
    return facts.path("mirrored").asBoolean();
  }

  /** Width of the numbers. */
  public Precision precision() {
    return Precision.valueOf(facts.path("dtype").asText().toUpperCase(Locale.ROOT));
  }

  /** Kind of kernel. */
  public KernelKind kind() {
    return KernelKind.valueOf(
        facts.path("kernel").asText().replace('-', '_').toUpperCase(Locale.ROOT));
  }

  /** How blocks are named. */
  TileValues.Form form() {
    return switch (kind()) {
      case FULL -> TileValues.Form.FULL;
      case PER_OUTPUT -> TileValues.Form.PER_OUTPUT;
      case TRACE, SUM -> TileValues.Form.SINGLE;
    };
  }

  /** Names of the components; one empty name if they are not kept apart. */
  List<String> components() {
    List<String> names = new ArrayList<>();
    facts.path("components").forEach(name -> names.add(name.asText()));
    return names;
  }

  /** D. */
  public int features() {
    return facts.path("D").asInt();
  }

  /** O. */
  public int outputs() {
    return facts.path("O").asInt();
  }

  /** What the plan had decided. */
  public KernelChoices choices() {
    Map<String, Method> methods = new LinkedHashMap<>();
    facts
        .path("methods")
        .properties()
        .forEach(
            entry -> methods.put(entry.getKey(), KernelChoices.method(entry.getValue().asText())));
    return new KernelChoices(
        facts.path("tile").asInt(),
        facts.path("micro-batch").asInt(),
        facts.path("lanes").asLong(),
        facts.path("method-tile").asLong(),
        methods);
  }

  /** The samples of the rows, and of the columns where these are others. */
  public List<Side> sides() {
    return symmetric()
        ? List.of(side(facts.path("samples")))
        : List.of(side(facts.path("samples")), side(facts.path("samples2")));
  }

  /**
   * Samples of one side.
   *
   * @param bounds of their panels
   * @param hash of all
   * @param hashes of each panel
   */
  public record Side(Bounds bounds, String hash, List<String> hashes) implements Serializable {
    /** Copies the list. */
    public Side {
      hashes = List.copyOf(hashes);
    }
  }

  private static Side side(JsonNode samples) {
    List<Long> starts = new ArrayList<>(List.of(0L));
    samples.path("panels").forEach(panel -> starts.add(panel.path(1).asLong()));
    List<String> hashes = new ArrayList<>();
    samples.path("panel-sha256").forEach(hash -> hashes.add(hash.asText()));
    return new Side(new Bounds(starts), samples.path("sha256").asText(), hashes);
  }
}

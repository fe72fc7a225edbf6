package dev.tangents.job.io.output;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tangents.error.TangentsException;
import dev.tangents.job.io.file.Commits;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a run is, written before its first tile: everything that its numbers depend on. A run that
 * would resume it must be the same.
 *
 * @param identity settings, sizes and hashes, by name
 * @param engines engines of its executors, with the kind of their BLAS kernels
 * @param command what a user gives to have what it lacks computed, for messages, {@link #FOLDER}
 *     where the folder's name belongs; empty where that is the run's own command
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunRecord(
    Map<String, String> identity,
    List<String> engines,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String command) {
  /** Stands for the folder, which may be moved or reached by another path. */
  public static final String FOLDER = "{folder}";

  /** Name of the file. */
  static final String NAME = "_run.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies both, and takes records that were written before they had a command. */
  public RunRecord {
    identity = new TreeMap<>(identity);
    engines = engines.stream().map(RunRecord::engine).toList();
    command = command == null ? "" : command;
  }

  /** A run whose own command continues it. */
  public RunRecord(Map<String, String> identity, List<String> engines) {
    this(identity, engines, "");
  }

  /** The same where {@code command} is what helps. */
  public RunRecord helpedBy(String command) {
    return new RunRecord(identity, engines, command);
  }

  /** The command that helps with what is in a folder; empty where that is the run's own. */
  String command(Path folder) {
    return command.replace(FOLDER, ShellWord.of(folder));
  }

  /** The record in a file; empty if no run came so far. */
  static Optional<RunRecord> read(FileSystem fs, Path file) throws IOException {
    try {
      Optional<RunRecord> record = in(fs, file);
      return record.isPresent() ? record : onItsWay(fs, file);
    } catch (JacksonException e) {
      throw TangentsException.data(
              "%s: not the record of a run (%s). Give %s with --if-exists overwrite to begin again",
              file, e.getOriginalMessage(), file.getName().equals(NAME) ? "gram" : "append")
          .causedBy(e);
    }
  }

  /** What was to replace the record when its process was killed; empty if it is not whole. */
  private static Optional<RunRecord> onItsWay(FileSystem fs, Path file) throws IOException {
    try {
      return in(fs, new Path(file.getParent(), Commits.fresh(file.getName())));
    } catch (JacksonException | ChecksumException e) {
      return Optional.empty();
    }
  }

  private static Optional<RunRecord> in(FileSystem fs, Path file) throws IOException {
    try (InputStream in = fs.open(file)) {
      return Optional.of(JSON.readValue(in.readAllBytes(), RunRecord.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Puts the record in place of an earlier one; {@link #read} finds one of both at any moment. */
  void write(FileSystem fs, Path file) throws IOException {
    Commits.replace(fs, file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
  }

  /**
   * Checks that {@code now} would compute what this run did; names that only one of them has are
   * not compared.
   *
   * @throws TangentsException of category USER that shows every difference
   */
  public void requireSame(RunRecord now, Path folder, boolean mixedHardware) {
    List<String> differences = new ArrayList<>();
    now.identity.forEach(
        (name, value) -> {
          String before = identity.get(name);
          if (before != null && !before.equals(value)) {
            differences.add("%s is %s, was %s".formatted(name, shown(value), shown(before)));
          }
        });
    if (!differences.isEmpty()) {
      throw TangentsException.user(
          "output: %s holds another run, which this one cannot resume: %s. %s",
          folder,
          String.join("; ", differences),
          command.isEmpty()
              ? "Give what it was begun with, --if-exists overwrite, or another --output"
              : "Run '"
                  + command(folder)
                  + "', which computes what it lacks, or give another --output; --if-exists overwrite begins this run in"
                  + " its place");
    }
    requireEngines(now, folder, mixedHardware);
  }

  /**
   * Checks that the executors of {@code now} compute the same bits as those of this run.
   *
   * @throws TangentsException of category USER that shows both
   */
  public void requireEngines(RunRecord now, Path folder, boolean mixedHardware) {
    TreeSet<String> strange = new TreeSet<>(now.engines);
    engines.forEach(strange::remove);
    if (!mixedHardware && !engines.isEmpty() && !strange.isEmpty()) {
      throw TangentsException.user(
          "output: %s was begun on %s, executors are now %s, whose last bits differ. Resume on the same"
              + " kind of processor, or accept the difference with --mixed-hardware",
          folder, String.join("; ", engines), String.join("; ", strange));
    }
  }

  /** Records of earlier versions count one thread as if it were several. */
  private static String engine(String described) {
    return described.replace(", 1 threads, ", ", 1 thread, ");
  }

  private static String shown(String value) {
    return value.isEmpty() ? "not set" : value;
  }
}

package dev.tangents.job.io.output;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.IfExists;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.file.Commits;
import dev.tangents.rows.Quantity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of a result. It is complete if and only if it holds {@code _SUCCESS} and a manifest
 * that says so: these two are removed first and written last.
 */
public final class OutputFolder {
  /** The manifest. */
  public static final String MANIFEST = "_tangents.json";

  /** Says that a result is complete. */
  static final String SUCCESS = "_SUCCESS";

  private static final String REPORT = "report.html";

  private static final List<String> FACTORS = List.of("_factors", "_factors2");

  private static final List<String> FOLDERS =
      Stream.concat(
              Stream.concat(Stream.of("data", "kernel", "samples", "samples2"), FACTORS.stream()),
              Quantity.written().stream().flatMap(q -> Stream.of(q.label(), partial(q))))
          .toList();

  /** Everything that a run may leave, in the order in which an earlier result is removed. */
  private static final List<String> OURS =
      Stream.of(
              Stream.of(SUCCESS, MANIFEST),
              Stream.of(RunRecord.NAME, AppendState.RUN, AppendState.BASE).map(Commits::fresh),
              Stream.of(AppendState.RUN, AppendState.BASE),
              FOLDERS.stream(),
              Stream.of(REPORT, RunRecord.NAME))
          .flatMap(names -> names)
          .toList();

  /** Time between two signs of life of the run that writes here. */
  private static final Duration BEAT = Duration.ofSeconds(5);

  /**
   * Tiles, panels and parts, whole or not, and the checksums that a local file system puts beside
   * them. Spark's own part-00000-(uuid) is none of ours.
   */
  private static final Pattern OUR_FILE =
      Pattern.compile(
          "\\.?_?(tile|panel|sum)-\\d+.*|\\.?part-\\d+\\.parquet(\\.crc)?|\\.?_part-\\d+-\\d+(\\.crc)?"
              + "|\\.?_SUCCESS(\\.crc)?");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private static final int SHOWN = 5;

  private final Path path;
  private final FileSystem fs;

  private OutputFolder(Path path, FileSystem fs) {
    this.path = path;
    this.fs = fs;
  }

  /**
   * Looks at the folder and checks that a run may write there; changes nothing.
   *
   * @param ifExists what the user wants done with an earlier result
   * @param inputs paths that are read
   * @throws TangentsException of category USER if it is not free
   */
  public static OutputFolder check(
      Configuration hadoop, String output, IfExists ifExists, List<String> inputs) {
    return check(hadoop, "output", output, ifExists, inputs);
  }

  /** Looks at a folder that the setting {@code key} names, and checks it in the same way. */
  public static OutputFolder check(
      Configuration hadoop, String key, String output, IfExists ifExists, List<String> inputs) {
    try {
      Path given = new Path(output);
      FileSystem fs = given.getFileSystem(hadoop);
      Path path = fs.makeQualified(given);
      Path there = nearest(fs, path);
      if (there.equals(path)) {
        requireFree(fs, path, key, output, ifExists);
      } else if (fs.getFileStatus(there).isFile()) {
        throw TangentsException.user(
            "%s: %s lies in %s, which is a file. Give another --%s",
            key, output, Path.getPathWithoutSchemeAndAuthority(there), key);
      }
      requireApart(hadoop, path, key, output, inputs);
      return new OutputFolder(path, fs);
    } catch (IOException | IllegalArgumentException e) {
      throw TangentsException.user("%s: %s cannot be used: %s", key, output, e.getMessage())
          .causedBy(e);
    }
  }

  /**
   * The folder of a complete result, or of one that an append has not completed yet.
   *
   * @param inputs paths that are read
   * @throws TangentsException of category USER if another process writes there, or an input lies in
   *     it
   */
  public static OutputFolder existing(Configuration hadoop, String output, List<String> inputs)
      throws IOException {
    Path given = new Path(output);
    FileSystem fs = given.getFileSystem(hadoop);
    Path path = fs.makeQualified(given);
    requireApart(hadoop, path, Settings.OUTPUT.key(), output, inputs);
    RunLock.requireFree(fs, path, BEAT);
    return new OutputFolder(path, fs);
  }

  /** The path if it is there, else the folder nearest to it that is. */
  private static Path nearest(FileSystem fs, Path path) throws IOException {
    Path there = path;
    while (!there.isRoot() && !fs.exists(there)) {
      there = there.getParent();
    }
    return there;
  }

  private static void requireApart(
      Configuration hadoop, Path path, String key, String output, List<String> inputs)
      throws IOException {
    for (String input : inputs) {
      Path source = new Path(input);
      String qualified = source.getFileSystem(hadoop).makeQualified(source).toString();
      if ((qualified + "/").startsWith(path + "/")) {
        throw TangentsException.user(
            "%s: %s holds the input %s. Give another --%s", key, output, input, key);
      }
      if ((path + "/").startsWith(qualified + "/")) {
        throw TangentsException.user(
            "%s: %s lies in the input %s, where the next run would read it. Give another --%s",
            key, output, input, key);
      }
    }
  }

  private static void requireFree(
      FileSystem fs, Path path, String key, String output, IfExists ifExists) throws IOException {
    if (fs.getFileStatus(path).isFile()) {
      throw TangentsException.user(
          "%s: %s is a file; expected a folder. Give another --%s", key, output, key);
    }
    RunLock.requireFree(fs, path, BEAT);
    Set<String> names =
        Arrays.stream(fs.listStatus(path))
            .map(FileStatus::getPath)
            .map(Path::getName)
            .filter(name -> !name.startsWith(".") && !name.equals(RunLock.NAME))
            .collect(Collectors.toCollection(TreeSet::new));
    if (names.isEmpty()) {
      return;
    }
    boolean adding = names.contains(AppendState.BASE) && !names.contains(SUCCESS);
    if (adding && ifExists != IfExists.OVERWRITE) {
      throw TangentsException.user(
          "%s: %s holds a kernel and what an append had added that has not ended. Run %s, which goes on where it"
              + " ended; or give another --%s, or --if-exists overwrite to replace the whole kernel",
          key, output, AppendState.continuing(fs, path), key);
    }
    if (ifExists == IfExists.FAIL) {
      throw TangentsException.user(
          "%s: %s exists and holds %s (%s). Give another --%s, or --if-exists overwrite to"
              + " replace it%s",
          key,
          output,
          names.contains(SUCCESS) ? "a complete result" : "files",
          String.join(", ", names),
          key,
          names.contains(RunRecord.NAME) && !names.contains(SUCCESS)
              ? "; gram with --if-exists resume continues it"
              : "");
    }
    names.removeAll(OURS);
    for (String folder : FOLDERS) {
      names.addAll(strangers(fs, new Path(path, folder)));
    }
    if (!names.isEmpty()) {
      throw TangentsException.user(
          "%s: %s holds what no run of Tangents wrote (%s), so nothing in it is replaced. Give"
              + " another --%s",
          key, output, String.join(", ", names), key);
    }
  }

  /** Names in one of our folders that no run gives its files. */
  private static List<String> strangers(FileSystem fs, Path folder) throws IOException {
    if (!fs.exists(folder)) {
      return List.of();
    }
    return Arrays.stream(fs.listStatus(folder))
        .filter(file -> !file.isFile() || !OUR_FILE.matcher(file.getPath().getName()).matches())
        .map(file -> folder.getName() + "/" + file.getPath().getName())
        .sorted()
        .limit(SHOWN)
        .toList();
  }

  /** Removes an earlier result, first what says that it is complete. */
  public void clear() throws IOException {
    for (String name : OURS) {
      Path old = new Path(path, name);
      if (fs.exists(old) && !fs.delete(old, true)) {
        throw new IOException("Cannot delete " + old);
      }
    }
    make();
  }

  private void make() throws IOException {
    if (!fs.mkdirs(path)) {
      throw TangentsException.resource(
          "output: %s cannot be created: %s is there and takes no new folder. Give another --output, or"
              + " the right to write there",
          path, nearest(fs, path));
    }
  }

  /**
   * Takes the folder for this process, and makes it if it is not there.
   *
   * @param onLoss what stops this run if another process takes it
   * @throws TangentsException of category USER if another process writes there
   */
  public RunLock lock(Runnable onLoss) throws IOException {
    make();
    return RunLock.take(fs, path, BEAT, onLoss);
  }

  /** What the run is that came here before. */
  public Optional<RunRecord> record() throws IOException {
    try {
      return RunRecord.read(fs, child(RunRecord.NAME));
    } catch (ChecksumException e) {
      throw TangentsException.data(
              "%s: the record of the run is damaged (%s). gram with --if-exists overwrite begins anew",
              child(RunRecord.NAME), e.getMessage())
          .causedBy(e);
    }
  }

  /** Writes down what this run is. */
  public void write(RunRecord record) throws IOException {
    record.write(fs, child(RunRecord.NAME));
  }

  /**
   * Takes back that a result is complete, and removes what attempts of killed tasks left; tiles and
   * samples stay.
   */
  public void reopen() throws IOException {
    for (String name : List.of(SUCCESS, MANIFEST)) {
      fs.delete(child(name), false);
    }
    for (String folder : FOLDERS) {
      if (fs.exists(child(folder))) {
        for (FileStatus file : fs.listStatus(child(folder))) {
          if (file.getPath().getName().startsWith("_")) {
            fs.delete(file.getPath(), false);
          }
        }
      }
    }
  }

  /** Names of the files in a folder of ours; empty if it is not there. */
  public Set<String> files(String folder) throws IOException {
    return fs.exists(child(folder))
        ? Arrays.stream(fs.listStatus(child(folder)))
            .map(file -> file.getPath().getName())
            .collect(Collectors.toUnmodifiableSet())
        : Set.of();
  }

  /**
   * Removes files of a folder of ours.
   *
   * @param which by the numbers in their names, such as row and column of a tile
   */
  public void remove(String folder, Predicate<List<Integer>> which) throws IOException {
    for (String name : files(folder)) {
      List<Integer> numbers =
          NUMBER.matcher(name).results().map(found -> Integer.valueOf(found.group())).toList();
      if (OUR_FILE.matcher(name).matches() && which.test(numbers)) {
        fs.delete(new Path(child(folder), name), false);
      }
    }
  }

  /** Writes the report. */
  public void writeReport(String html) throws IOException {
    write(REPORT, html);
  }

  /** Declares the result complete: manifest, then {@code _SUCCESS}. */
  public void complete(String manifest) throws IOException {
    write(MANIFEST, manifest);
    write(SUCCESS, "");
  }

  /** Name of the folder of a quantity's partial sums, which is gone when the run is complete. */
  public static String partial(Quantity quantity) {
    return "_sums-" + quantity.label();
  }

  /** Removes a quantity's partial sums. */
  public void removePartial(Quantity quantity) throws IOException {
    Path partial = child(partial(quantity));
    if (!fs.delete(partial, true)) {
      throw new IOException("Cannot delete " + partial);
    }
  }

  /** Bytes that may be written to its file system. */
  public long free() throws IOException {
    return fs.getStatus(path).getRemaining();
  }

  /** Removes the factors of panels, which are of use to their run alone. */
  public void discardFactors() throws IOException {
    for (String folder : FACTORS) {
      fs.delete(child(folder), true);
    }
  }

  /** A file or folder in it. */
  public Path child(String name) {
    return new Path(path, name);
  }

  /** The folder, with its file system. */
  public Path path() {
    return path;
  }

  private void write(String name, String text) throws IOException {
    try (FSDataOutputStream out = fs.create(child(name), true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}

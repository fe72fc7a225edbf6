package dev.tangents.job.io.output;

import dev.tangents.job.io.file.Commits;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What an append keeps in the folder until it is complete: the manifest of the kernel that it adds
 * to, which is written once and first of all, and what the append is.
 */
public final class AppendState {
  /** The manifest as it was before. */
  static final String BASE = "_append-base.json";

  /** The file that says what the append is. */
  static final String RUN = "_append-run.json";

  private final FileSystem fs;
  private final Path folder;

  private AppendState(FileSystem fs, Path folder) {
    this.fs = fs;
    this.folder = folder;
  }

  /** The state of an append in a folder. */
  public static AppendState of(Configuration hadoop, String folder) throws IOException {
    Path path = new Path(folder);
    return new AppendState(path.getFileSystem(hadoop), path);
  }

  /** The kernel that an append is adding to; empty if none is under way. */
  public Optional<KernelManifest> base() throws IOException {
    try (InputStream in = fs.open(new Path(folder, BASE))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(KernelManifest.of(folder.toString(), text));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * The kernel as it is to be added to: the one in the folder where it is complete, else the one
   * that an append had found there. What an append has left that completed is void.
   *
   * @throws dev.tangents.error.TangentsException of category USER if there is none
   */
  public KernelManifest current() throws IOException {
    Optional<KernelManifest> base = complete() ? Optional.empty() : base();
    return base.isPresent() ? base.get() : KernelManifest.read(fs, folder);
  }

  /**
   * The command that goes on with an append that was killed, in quotes. Of one that did not come so
   * far as to write it down, or that an earlier version began, the user has to know the rest.
   *
   * @param folder of its kernel
   */
  static String continuing(FileSystem fs, Path folder) throws IOException {
    return RunRecord.read(fs, new Path(folder, RUN))
        .map(run -> run.command(folder))
        .filter(command -> !command.isEmpty())
        .map(command -> "'" + command + "'")
        .orElseGet(
            () -> "'tangents append " + ShellWord.of(folder) + "' with the flags that it had");
  }

  private boolean complete() throws IOException {
    return fs.exists(new Path(folder, OutputFolder.SUCCESS));
  }

  /**
   * What the append is that has not completed; empty if there is none, or it did not come so far.
   */
  public Optional<RunRecord> run() throws IOException {
    return complete() || base().isEmpty()
        ? Optional.empty()
        : RunRecord.read(fs, new Path(folder, RUN));
  }

  /** Keeps the manifest aside, unless an append that did not complete has done so already. */
  public void begin(KernelManifest manifest) throws IOException {
    if (complete() || base().isEmpty()) {
      end(); // what an append has left that completed
      Commits.replace(fs, new Path(folder, BASE), manifest.text());
    }
  }

  /** Writes down what the append is. */
  public void write(RunRecord run) throws IOException {
    run.write(fs, new Path(folder, RUN));
  }

  /** The append is complete, or undone. Without the first of both the second says nothing. */
  public void end() throws IOException {
    for (String name : List.of(Commits.fresh(BASE), BASE, Commits.fresh(RUN), RUN)) {
      fs.delete(new Path(folder, name), false);
    }
  }
}

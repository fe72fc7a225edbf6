package dev.tangents.job.stage.append;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.IfExists;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.output.AppendState;
import dev.tangents.job.io.output.KernelManifest;
import dev.tangents.job.io.output.OutputFolder;
import dev.tangents.job.io.output.RunRecord;
import dev.tangents.job.stage.gram.KernelBase;
import dev.tangents.job.stage.gram.Ledger;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The ledger of an append. The manifest of the kernel that is added to is kept aside first; then
 * the result is no longer complete, until the append is. At every moment in between, either the
 * append can be continued or the kernel as it was is still described.
 *
 * @param output the folder
 * @param state what is kept there for the time of the append
 * @param manifest of the kernel that is added to
 * @param base what it says
 * @param configuration of the append
 * @param command of the append, which continues it where it was killed
 */
record AppendLedger(
    OutputFolder output,
    AppendState state,
    KernelManifest manifest,
    KernelBase base,
    Configuration configuration,
    String command)
    implements Ledger {
  @Override
  public Optional<RunRecord> earlier() throws IOException {
    requireUnchanged();
    boolean anew = configuration.get(Settings.IF_EXISTS) == IfExists.OVERWRITE;
    return anew ? Optional.empty() : state.run();
  }

  @Override
  public void start(RunRecord planned) throws IOException {
    Optional<RunRecord> there = output.record();
    if (there.isPresent()) {
      boolean mixed = configuration.get(Settings.MIXED_HARDWARE);
      there.get().requireEngines(planned, output.path(), mixed);
    }
    state.begin(manifest);
    output.reopen();
    output.discardFactors(); // of samples that are not these
    removeAdded();
    state.write(planned.helpedBy(command));
  }

  @Override
  public void begin(RunRecord begun) throws IOException {
    state.write(begun.helpedBy(command));
  }

  @Override
  public void undo() throws IOException {
    output.discardFactors();
    removeAdded();
    output.complete(manifest.text());
    state.end();
  }

  @Override
  public void complete(RunRecord done) throws IOException {
    // A kernel that has grown is none that gram would resume: an append of nothing mends it.
    output.write(done.helpedBy(AppendText.REPAIRING));
  }

  @Override
  public void end() throws IOException {
    state.end();
  }

  /** The plan was made before the folder was taken: another append may have come in between. */
  private void requireUnchanged() throws IOException {
    if (!state.current().text().equals(manifest.text())) {
      throw TangentsException.user(
          "output: %s was added to by another append meanwhile. Run this one again", output.path());
    }
  }

  /** Removes what an append that is not continued has left. */
  private void removeAdded() throws IOException {
    int rows = base.side(0).panels().count();
    int columns = base.columns().panels().count();
    output.remove("samples", panel -> panel.get(0) >= rows);
    output.remove("samples2", panel -> panel.get(0) >= columns);
    output.remove("kernel", tile -> added(tile, rows, columns));
  }

  /** A mirrored kernel is symmetric: its row and column panels are the same. */
  private static boolean added(List<Integer> tile, int rows, int columns) {
    return tile.get(0) >= rows || tile.get(1) >= columns;
  }
}

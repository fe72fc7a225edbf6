package dev.tangents.job.stage.gram;

import dev.tangents.job.config.Choices.IfExists;
import dev.tangents.job.io.output.OutputFolder;
import dev.tangents.job.io.output.RunRecord;
import java.io.IOException;
import java.util.Optional;

/**
 * The ledger of a kernel that begins with nothing.
 *
 * @param output the folder
 * @param ifExists what is done with an earlier run
 */
record GramLedger(OutputFolder output, IfExists ifExists) implements Ledger {
  @Override
  public Optional<RunRecord> earlier() throws IOException {
    return ifExists == IfExists.RESUME ? output.record() : Optional.empty();
  }

  @Override
  public void start(RunRecord planned) throws IOException {
    output.clear();
    output.write(planned);
  }

  @Override
  public void begin(RunRecord begun) throws IOException {
    output.write(begun);
  }

  @Override
  public void undo() {
    // What is there is the record of a run that can be begun again.
  }

  @Override
  public void complete(RunRecord done) {
    // The record is that of the run from its first tile on.
  }

  @Override
  public void end() {
    // Nothing was kept for the time of the run.
  }
}

package dev.tangents.job.stage.gram;

import dev.tangents.job.io.output.RunRecord;
import java.io.IOException;
import java.util.Optional;

/** What a run writes down of itself in its folder, so that it can be continued where it ended. */
public interface Ledger {
  /** The run that came here before and is to be continued; empty if there is none. */
  Optional<RunRecord> earlier() throws IOException;

  /** Begins anew: removes what must not stay, and writes down what is planned. */
  void start(RunRecord planned) throws IOException;

  /** The samples are indexed, which tells what the run is in full. */
  void begin(RunRecord begun) throws IOException;

  /** Takes back the beginning, before any tile: the samples that were read must not be used. */
  void undo() throws IOException;

  /** Every tile is there. */
  void complete(RunRecord done) throws IOException;

  /** The manifest is there, too. */
  void end() throws IOException;
}

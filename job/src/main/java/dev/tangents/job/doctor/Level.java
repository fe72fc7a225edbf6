package dev.tangents.job.doctor;

/** How bad what a check found is. */
public enum Level {
  /** All is as it should be. */
  OK,
  /** Runs work, slower or with a risk. */
  WARN,
  /** Runs fail, or waste most of what they are given. */
  FAULT
}

package dev.tangents.job.doctor;

/** One thing that is looked at. A check judges facts that were gathered before; it asks nobody. */
public interface Check {
  /** A word for the list. */
  String name();

  /** What it finds. */
  Finding examine(Facts facts);
}

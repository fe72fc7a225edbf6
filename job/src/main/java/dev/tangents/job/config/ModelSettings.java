package dev.tangents.job.config;

/** What a user says of a model where its file leaves it open. */
public final class ModelSettings {
  /** Which parameters are one. */
  public static final Setting<String> TIE =
      Setting.text(
              "tie",
              "A=B",
              "Parameters that are one, for each of which an exporter wrote a copy: B, with the numbers of A or"
                  + " of A's transpose, becomes A. Several by commas, or by several flags.")
          .repeatable()
          .shapingTheResult();

  /** Where the samples of a batch lie. */
  public static final Setting<String> BATCH_AXIS =
      Setting.text(
              "batch-axis",
              "AXIS|NAME=AXIS",
              "ONNX: the axis of the batch where it is not the first, by its index from 0 or the name that the"
                  + " file gives it: of all inputs, or NAME=AXIS of one input or the output. Several by commas,"
                  + " or by several flags.")
          .repeatable()
          .shapingTheResult();

  /** What was trained. */
  public static final Setting<String> TRAINED =
      Setting.text(
              "trained",
              "PATTERN",
              "ONNX: initializers that are parameters though the file neither says so nor has them where weights"
                  + " stand, such as the centres of an RBF network; * and ? as in params. 'inspect' names those in"
                  + " doubt. Several by commas, or by several flags.")
          .repeatable()
          .shapingTheResult();

  private ModelSettings() {}
}

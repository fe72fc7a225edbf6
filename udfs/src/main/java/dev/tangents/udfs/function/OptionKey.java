package dev.tangents.udfs.function;

import dev.tangents.rows.Quantity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What may stand in the last argument, under the names of the command line's flags. */
enum OptionKey {
  /** Which value is f(x). */
  MODEL_OUTPUT(
      "which value of the network is f(x): output (the default), logits, or in ONNX its name"),
  /** Which numbers of that value take part. */
  SELECT_OUTPUTS("the outputs that take part, such as 0,3,7-9"),
  /** Which parameters are differentiated by. */
  PARAMS("the parameters to differentiate by: patterns with * and ?, separated by commas"),
  /** Which parameters are one, though the file has a copy. */
  TIE("parameters that are one though the file has a copy: A=B"),
  /** Which axis is the batch's. */
  BATCH_AXIS("ONNX: the axis of the batch where it is not the first, or NAME=AXIS"),
  /** What was trained. */
  TRAINED("ONNX: initializers that are parameters though the file does not say so: patterns"),
  /** What bytes are. */
  BINARY_TYPE("what binary columns hold: float (the default), double, uint8"),
  /** Forward or reverse. */
  MODE("how a Jacobian is computed: auto (the default), forward, reverse"),
  /** Which mode of a Hessian is taken over which. */
  ORDER(
      "how a Hessian is computed: forward-over-reverse (the default), reverse-over-reverse,"
          + " forward-over-forward"),
  /** Where the Huber loss turns from a square into a line. */
  DELTA("where the loss huber turns from a square into a line, 1 by default");

  private final String meaning;

  OptionKey(String meaning) {
    this.meaning = meaning;
  }

  /** How it is written. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it says, for users. */
  String meaning() {
    return meaning;
  }

  /** The options that a function called in this way takes. */
  static List<OptionKey> of(Form<?> form) {
    return Arrays.stream(values()).filter(option -> option.concerns(form)).toList();
  }

  private boolean concerns(Form<?> form) {
    return switch (this) {
      case MODEL_OUTPUT, SELECT_OUTPUTS, TIE, BATCH_AXIS, TRAINED, BINARY_TYPE -> true;
      case PARAMS -> form.quantity().byParameters();
      case MODE -> form.quantity() == Quantity.INPUT_JACOBIAN;
      case ORDER -> form.quantity() == Quantity.HESSIAN;
      case DELTA -> form.arguments().contains(Argument.LOSS);
    };
  }

  /** The one that is written so. */
  static Optional<OptionKey> named(String key) {
    return Arrays.stream(values()).filter(option -> option.key().equals(key)).findFirst();
  }
}

package dev.tangents.job.config;

import dev.tangents.job.config.Choices.Wrt;
import dev.tangents.rows.LossKind;
import dev.tangents.rows.Mode;
import dev.tangents.rows.Order;
import java.util.ArrayList;
import java.util.List;

/** Settings of the commands that differentiate at every sample. */
public final class RowSettings {
  /** Several quantities in one pass. */
  public static final Setting<String> QUANTITIES =
      Setting.text(
              "quantities",
              "LIST",
              "What to derive in one pass over the data, such as"
                  + " gradient-norms,input-jacobian,determinant; a folder each.")
          .shapingTheResult();

  /** What a derivative is taken by. */
  public static final Setting<Wrt> WRT =
      Setting.choice(
              "wrt",
              Wrt.class,
              "What a Jacobian or HVP is taken by: the features of a sample, or the parameters that"
                  + " params names; an HVP by parameters is that of the mean loss.")
          .or("inputs")
          .shapingTheResult();

  /** Forward or reverse. */
  public static final Setting<Mode> MODE =
      Setting.choice(
              "mode",
              Mode.class,
              "How a Jacobian by inputs is computed: forward needs a lane for each feature, reverse one"
                  + " for each output; auto counts the operations of both.")
          .or("auto")
          .shapingTheResult();

  /** Order of second derivatives. */
  public static final Setting<Order> ORDER =
      Setting.choice(
              "order",
              Order.class,
              "How a full Hessian is computed. The numbers are the same up to rounding.")
          .or("forward-over-reverse")
          .shapingTheResult();

  /** Size of projected gradients. */
  public static final Setting<Long> PROJECT =
      Setting.count(
              "project",
              1,
              Integer.MAX_VALUE,
              "Write K numbers of a random projection of each gradient by the parameters, which keeps"
                  + " inner products in the mean, instead of the gradient.")
          .shapingTheResult();

  /** Seed of the projection. */
  public static final Setting<Long> SEED =
      Setting.count("seed", 0, "Seed of the projection: the same gives the same everywhere.")
          .or("0")
          .shapingTheResult();

  /** Only the diagonal of a Hessian. */
  public static final Setting<Boolean> DIAGONAL =
      Setting.flag("diagonal", "Write the diagonal of each Hessian alone.").shapingTheResult();

  /** Only the trace of a Hessian. */
  public static final Setting<Boolean> LAPLACIAN =
      Setting.flag("laplacian", "Write the trace of each Hessian alone, from one forward pass.")
          .shapingTheResult();

  /** Direction of a JVP or HVP. */
  public static final Setting<String> TANGENT =
      Setting.text(
              "tangent",
              "COLUMN|LIST",
              "The direction v [D] of J v or H v: a column of the input, or the same numbers for every"
                  + " sample, such as 1,0,0.")
          .shapingTheResult();

  /** Weights of the outputs in a VJP or HVP. */
  public static final Setting<String> COTANGENT =
      Setting.text(
              "cotangent",
              "COLUMN|LIST",
              "The weights w [O] of J^T w, or of the function whose Hessian is taken: a column of the"
                  + " input, or the same numbers for every sample, such as 1,0,0.")
          .shapingTheResult();

  /** Direction of an HVP by parameters. */
  public static final Setting<String> DIRECTION =
      Setting.text(
              "direction",
              "PATH",
              "The direction of an HVP by parameters: Parquet with parameter, shape and values, as"
                  + " gradient writes it.")
          .shapingTheResult();

  /** Which loss. */
  public static final Setting<LossKind> LOSS =
      Setting.choice(
              "loss",
              LossKind.class,
              "What gradients are taken of. mse, half-mse, hinge and huber are means over the outputs;"
                  + " cross-entropies take logits; jacobian-determinant is (det df/dx - 1)^2.")
          .or("mse")
          .shapingTheResult();

  /** Width of the Huber loss. */
  public static final Setting<Double> DELTA =
      Setting.number("delta", "Where the Huber loss turns from a square into a line.")
          .or("1.0")
          .shapingTheResult();

  /** Weights of samples. */
  public static final Setting<String> WEIGHT =
      Setting.text(
              "weight",
              "COLUMN",
              "A factor on the loss of every sample. A mean divides by N all the same.")
          .shapingTheResult();

  /** Bound of gradients. */
  public static final Setting<Double> CLIP =
      Setting.number(
              "clip",
              "Scale the gradient of every sample down to this norm, over all of params, before they"
                  + " are added.")
          .shapingTheResult();

  /** Gradients of samples. */
  public static final Setting<Boolean> PER_SAMPLE =
      Setting.flag("per-sample", "Write the gradient of each sample, not that of the mean loss.")
          .shapingTheResult();

  /** Norms of gradients. */
  public static final Setting<Boolean> NORMS =
      Setting.flag(
              "norms",
              "Write the norm of each sample's gradient, over all of params, without forming it.")
          .shapingTheResult();

  /** Bound of the memory of a task. */
  public static final Setting<Long> MEMORY =
      Setting.count(
              "memory",
              1,
              Settings.MOST_MIB,
              "MiB that the arithmetic and the results in flight of one task may take. Lanes that"
                  + " travel together, then samples, are cut down to fit.")
          .or("512");

  /** All of the above, in the order of the reference page. */
  static final List<Setting<?>> OWN =
      List.of(
          QUANTITIES,
          WRT,
          MODE,
          ORDER,
          PROJECT,
          SEED,
          DIAGONAL,
          LAPLACIAN,
          TANGENT,
          COTANGENT,
          DIRECTION,
          LOSS,
          DELTA,
          WEIGHT,
          CLIP,
          PER_SAMPLE,
          NORMS,
          MEMORY);

  private static final List<Setting<?>> SHARED =
      List.of(
          Settings.MODEL,
          Settings.MODEL_OUTPUT,
          ModelSettings.TIE,
          ModelSettings.BATCH_AXIS,
          ModelSettings.TRAINED,
          Settings.INPUT,
          Settings.OUTPUT,
          Settings.FORMAT,
          Settings.FEATURES,
          Settings.BINARY_TYPE,
          Settings.SCALE,
          Settings.SHIFT,
          Settings.ID,
          Settings.WHERE,
          Settings.LIMIT,
          Settings.SELECT_OUTPUTS,
          Settings.DTYPE,
          Settings.ENGINE,
          GpuSettings.GPU,
          GpuSettings.REQUIRE_GPU,
          GpuSettings.GPU_TASKS,
          Settings.TILE,
          Settings.MICRO_BATCH,
          MEMORY,
          Settings.VERIFY_MODEL,
          Settings.IF_EXISTS,
          Settings.HANG_MINUTES,
          Settings.DRY_RUN,
          Settings.MASTER);

  private RowSettings() {}

  /** The settings of a command over rows, its own ones first. */
  public static List<Setting<?>> of(Setting<?>... own) {
    List<Setting<?>> settings = new ArrayList<>(List.of(own));
    settings.addAll(SHARED);
    return List.copyOf(settings);
  }
}

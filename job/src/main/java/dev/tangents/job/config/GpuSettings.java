package dev.tangents.job.config;

import dev.tangents.exec.Arithmetic;

/** Settings of engines that compute on a GPU. */
public final class GpuSettings {
  /** Which device. */
  public static final Setting<String> GPU =
      Setting.text(
          "gpu",
          "DEVICE",
          "Local mode: the GPU, by the number or UUID that nvidia-smi prints; without it, the first that CUDA"
              + " shows. On a cluster Spark gives each executor its own (conf/spark/gpu-*.conf).");

  /** Whether the CPU will not do. */
  public static final Setting<Boolean> REQUIRE_GPU =
      Setting.flag(
          "require-gpu",
          "Refuse an engine that computes on the CPU. An engine for GPUs needs one whatever this says: none of"
              + " them falls back to the CPU.");

  /** How many tasks share a device. */
  public static final Setting<Long> GPU_TASKS =
      Setting.count(
              "gpu-tasks",
              1,
              1 << 10,
              "Tasks that share a GPU, each with memory of its own there: one reads or writes while another"
                  + " computes.")
          .or("2");

  /** How products of tiles are formed. */
  public static final Setting<Arithmetic> PRECISION =
      Setting.choice(
              "precision",
              Arithmetic.class,
              Arithmetic::label,
              "gram, engine cuda: how products of tiles in float are formed. strict: of floats; 3xtf32: each of three"
                  + " products of TF32 on tensor cores, about as accurate but with other bits; tf32, bf16: of operands"
                  + " rounded to 11 and 8 bits. Networks are always strict; max-error bounds what tiles may lose.")
          .or("strict")
          .shapingTheResult();

  /** How far a tile in a reduced arithmetic may be from a strict one. */
  public static final Setting<Double> MAX_ERROR =
      Setting.number(
              "max-error",
              "How far sampled entries of a tile in a reduced precision may be from strict ones, relative to the mean"
                  + " of |K| over the sample, before the tile is computed again strictly. By default 2e-5 for 3xtf32,"
                  + " 5e-3 for tf32, 5e-2 for bf16.")
          .shapingTheResult();

  private GpuSettings() {}
}

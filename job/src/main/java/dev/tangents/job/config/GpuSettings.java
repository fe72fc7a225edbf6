package dev.tangents.job.config;

import java.util.List;

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

  /** All of the above. */
  static final List<Setting<?>> OWN = List.of(GPU, REQUIRE_GPU, GPU_TASKS);

  private GpuSettings() {}
}

package dev.tangents.job.stage;

import dev.tangents.job.doctor.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks {@code nvidia-smi} for GPUs, where GPUs are asked for. */
final class GpuProbe {
  private static final long SECONDS = 20;

  private GpuProbe() {}

  static Node.Gpus look(Optional<List<String>> addresses) {
    if (addresses.isEmpty()) {
      return new Node.Gpus(List.of(), List.of(), "");
    }
    try {
      Process asked =
          new ProcessBuilder("nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader")
              .redirectErrorStream(true)
              .start();
      String said =
          new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!asked.waitFor(SECONDS, TimeUnit.SECONDS)) {
        asked.destroyForcibly();
        return new Node.Gpus(addresses.get(), List.of(), "nvidia-smi does not answer");
      }
      return asked.exitValue() == 0
          ? new Node.Gpus(addresses.get(), said.lines().toList(), "")
          : new Node.Gpus(addresses.get(), List.of(), said);
    } catch (IOException e) {
      return new Node.Gpus(addresses.get(), List.of(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Node.Gpus(addresses.get(), List.of(), "interrupted");
    }
  }
}

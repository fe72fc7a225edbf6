package dev.tangents.job.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The discovery script, with an nvidia-smi that is none. */
class DiscoverGpusTest {
  private static final Path SCRIPT = Path.of("..", "conf", "gpu", "discover-gpus.sh");
  private static final String THREE = "printf '0, GPU-aa\\n1, GPU-bb\\n11, GPU-cc\\n'";

  @TempDir private Path folder;
  private int code;

  @BeforeEach
  void nothingHasRun() {
    code = -1;
  }

  @Test
  void sparkReadsAllThatThereAre() throws Exception {
    assertEquals(List.of("0", "1", "11"), addresses(run(THREE, null)));
  }

  @Test
  void visibleDevicesDecideByNumberOrUuid() throws Exception {
    assertEquals(List.of("1", "11"), addresses(run(THREE, "1,11")));
    assertEquals(List.of("0", "11"), addresses(run(THREE, "GPU-cc, GPU-aa")));
    assertEquals(List.of(), addresses(run(THREE, "")));
  }

  @Test
  void failureIsToldAndCounted() throws Exception {
    String said = run("echo 'no devices were found'; exit 6", null);
    assertEquals(1, code);
    assertTrue(said.contains("discover-gpus: nvidia-smi failed: no devices were found"), said);
  }

  private List<String> addresses(String printed) {
    assertEquals(0, code, printed);
    ResourceInformation gpus = ResourceInformation.parseJson(printed);
    assertEquals("gpu", gpus.name());
    return List.of(gpus.addresses());
  }

  private String run(String smi, String visible) throws IOException, InterruptedException {
    Path fake = folder.resolve("nvidia-smi");
    Files.writeString(fake, "#!/bin/sh\n" + smi + "\n");
    assertTrue(fake.toFile().setExecutable(true));
    ProcessBuilder builder =
        new ProcessBuilder("bash", SCRIPT.toString()).redirectErrorStream(true);
    builder.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    if (visible != null) {
      builder.environment().put("CUDA_VISIBLE_DEVICES", visible);
    }
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    code = process.waitFor();
    return printed;
  }
}

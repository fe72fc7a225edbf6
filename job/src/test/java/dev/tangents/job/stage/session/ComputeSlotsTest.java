package dev.tangents.job.stage.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceProfile;
import org.junit.jupiter.api.Test;

/** When stages that compute ask for a share of a GPU, and for how much. */
class ComputeSlotsTest {
  private static SparkConf cluster() {
    return new SparkConf(false)
        .setMaster("spark://a:7077")
        .set("spark.tangents.engine", "nd4j-cuda")
        .set("spark.tangents.gpu-tasks", "4")
        .set("spark.task.cpus", "2")
        .set("spark.executor.resource.gpu.amount", "1");
  }

  @Test
  void taskAsksForItsShare() {
    ResourceProfile profile = ComputeSlots.profile(cluster()).orElseThrow();
    assertEquals(2.0, profile.taskResourcesJMap().get("cpus").amount());
    assertEquals(0.25, profile.taskResourcesJMap().get("gpu").amount());
    assertTrue(profile.executorResourcesJMap().isEmpty(), "executors are those that there are");
  }

  @Test
  void nothingIsAskedForWhereSparkHasNoneOrTheEngineNeedsNone() {
    Map<String, String> changes =
        Map.of(
            "spark.tangents.engine", "nd4j",
            "spark.master", "local[4]",
            "spark.dynamicAllocation.enabled", "true");
    changes.forEach(
        (key, value) ->
            assertEquals(Optional.empty(), ComputeSlots.profile(cluster().set(key, value)), key));
    SparkConf unscheduled = cluster().remove("spark.executor.resource.gpu.amount");
    assertEquals(Optional.empty(), ComputeSlots.profile(unscheduled));
  }
}

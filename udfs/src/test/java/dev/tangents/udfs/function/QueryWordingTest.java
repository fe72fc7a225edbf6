package dev.tangents.udfs.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flags of the command line in messages for the writer of a query. */
class QueryWordingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "more than the 1 MiB of --memory. Give more ; more than the 1 MiB of spark.tangents.memory. Give more",
        "with --select-outputs or --params, or ; with the option select-outputs or the option params, or",
        "Or compute on the CPU: --engine nd4j ; Or compute on the CPU: spark.tangents.engine=nd4j",
        "Use --engine nd4j-cuda, or ; Use spark.tangents.engine=nd4j-cuda, or",
        "Give --model-output logits ; Give the option model-output=logits",
        "or --batch-axis x=AXIS ; or the option batch-axis=x=AXIS",
        "a larger --hang-minutes ; a larger spark.tangents.hang-minutes",
        "Correct it with SET or --conf ; Correct it with SET or --conf",
        "run it with the NVIDIA runtime (--gpus, or ; run it with the NVIDIA runtime (--gpus, or",
        "/m/net--params.onnx and --params.onnx and x--mode ; /m/net--params.onnx and --params.onnx and x--mode",
        "--order_by, --mode-of, -- z ; --order_by, --mode-of, -- z",
        "Give --tie. (--trained) ; Give the option tie. (the option trained)",
      })
  void flagsAreSettingsOrOptions(String message, String expected) {
    assertEquals(expected, QueryWording.of(message));
  }

  @Test
  void aFailureKeepsItsCategoryAndIsItselfWhereNothingIsReworded() {
    TangentsException flag = TangentsException.resource("raise --memory");
    TangentsException reworded = flag.reworded(QueryWording::of);
    assertEquals("raise spark.tangents.memory", reworded.getMessage());
    assertEquals(Category.RESOURCE, reworded.category());
    assertSame(flag, reworded.getCause());
    assertSame(reworded, reworded.reworded(QueryWording::of));
  }
}

package dev.tangents.exec.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.exec.DeviceTensor;
import dev.tangents.exec.Executable;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.ir.Weights;
import dev.tangents.op.elementwise.Sigmoid;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.reduce.Sum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same bits whatever the environment says of threads, and however many tasks run at once. */
class Nd4jThreadsTest {
  /** What a child process runs. */
  public static final class Child {
    private Child() {}

    /** Writes the bits of a product and the engine's description to the file named. */
    public static void main(String[] arguments) throws IOException {
      try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT)) {
        Files.writeString(Path.of(arguments[0]), bits(engine) + " " + engine.describe());
      }
    }
  }

  @Test
  void environmentDoesNotChangeBits(@TempDir Path folder) throws IOException, InterruptedException {
    Set<String> answers = new HashSet<>();
    for (String threads : List.of("1", "2", "7")) {
      answers.add(child(threads, folder.resolve(threads)));
    }
    assertEquals(1, answers.size(), answers::toString);
    assertTrue(answers.iterator().next().contains(", 1 thread, "), answers::toString);
  }

  @Test
  void tasksAtOnceGiveTheBitsOfOne() throws InterruptedException, ExecutionException {
    ExecutorService tasks = Executors.newFixedThreadPool(4);
    try (Nd4jEngine engine = new Nd4jEngine(Precision.FLOAT)) {
      int expected = bits(engine);
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        answers.add(tasks.submit(() -> bits(engine)));
      }
      for (Future<Integer> answer : answers) {
        assertEquals(expected, answer.get());
      }
      assertEquals(0, engine.liveBytes());
    } finally {
      tasks.shutdownNow();
    }
  }

  /** A hash of the bits of column sums of sigmoid(X Y^T), large enough for BLAS to use threads. */
  private static int bits(Nd4jEngine engine) {
    GraphBuilder builder = new GraphBuilder();
    Shape shape = Shape.of(300, 500);
    Value x = builder.input("x", TensorType.real(shape));
    Value y = builder.input("y", TensorType.real(shape));
    Graph graph = builder.build(Sum.sum(Sigmoid.sigmoid(MatMul.matMulTransposed(x, y)), 0));
    Random random = new Random(5);
    float[] numbers = new float[shape.intSize()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    try (Executable executable = engine.prepare(graph, Weights.none());
        DeviceTensor input = engine.allocate(shape);
        DeviceTensor result = engine.allocate(Shape.of(300))) {
      input.write(HostTensor.of(shape, numbers));
      executable.run(List.of(input, input), List.of(result));
      return Arrays.hashCode(result.read().floats());
    }
  }

  private static String child(String threads, Path answer)
      throws IOException, InterruptedException {
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            answer.toString());
    process.environment().put("OMP_NUM_THREADS", threads);
    process.environment().put("OPENBLAS_NUM_THREADS", threads);
    process.redirectErrorStream(true);
    Process running = process.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, running.waitFor(), said);
    return Files.readString(answer);
  }
}

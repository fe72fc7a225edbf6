package dev.tangents.job.stage.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.job.report.Console;
import dev.tangents.job.testkit.SparkExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkConf;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import scala.Option;
import scala.collection.immutable.Nil$;
import scala.collection.immutable.Seq;

/** Events as Spark posts them, and the lines that come of them. */
@ExtendWith(SparkExtension.class)
class ClusterWatchTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      new Console(System.out, new PrintStream(err, true, StandardCharsets.UTF_8), false);
  private ClusterWatch watch;

  @BeforeEach
  void begin(SparkSession spark) {
    watch = ClusterWatch.of(spark.sparkContext(), console, 3);
  }

  @AfterEach
  void end() {
    watch.close();
  }

  @Test
  void taskThatIsTriedAgainIsTold() {
    watch.onTaskEnd(ended(0, failure(TangentsException.data("row 3 has a NaN.\nMore"))));
    assertEquals(
        "note: task 12 of stage 5 failed on executor 7 (worker-a): row 3 has a NaN; it is tried"
            + " again, attempt 2\n",
        text());
  }

  @Test
  void lastAttemptIsLeftToTheRunsMessage() {
    watch.onTaskEnd(ended(2, failure(new IllegalStateException("x"))));
    assertEquals("", text());
  }

  @Test
  void attemptThatDiesWithItsExecutorIsNotCountedAgainstTheTask() {
    watch.onTaskEnd(
        ended(5, new ExecutorLostFailure("7", false, Option.apply("Remote RPC client\ngone"))));
    assertTrue(
        text().startsWith("note: task 12 of stage 5 failed on executor 7 (worker-a): ExecutorLost"),
        text());
    assertTrue(text().endsWith("; it is tried again, attempt 7\n"), text());
  }

  @Test
  void successAndKilledDuplicatesAreSilent() {
    watch.onTaskEnd(ended(0, Success$.MODULE$));
    watch.onTaskEnd(ended(0, new TaskKilled("another attempt succeeded", none(), none(), none())));
    assertEquals("", text());
  }

  @Test
  void lostExecutorIsToldOnItsOwnLineOfATerminal(SparkSession spark) {
    Console terminal = new Console(System.out, console.err(), true);
    try (ClusterWatch other = ClusterWatch.of(spark.sparkContext(), terminal, 3)) {
      other.onExecutorRemoved(
          new SparkListenerExecutorRemoved(0, "2", "Command exited with code 137"));
    }
    assertEquals("\r\033[Knote: executor 2 is gone: Command exited with code 137\n", text());
  }

  @Test
  void exitCodeOfOurOwnIsExplained() {
    watch.onExecutorRemoved(
        new SparkListenerExecutorRemoved(0, "2", "Command exited with code 20"));
    watch.onExecutorRemoved(
        new SparkListenerExecutorRemoved(0, "3", "Container exited with status: 75."));
    assertEquals(
        "note: executor 2 is gone: Command exited with code 20, which says that its GPU was lost to it"
            + " (a CUDA error after which no call succeeds)\n"
            + "note: executor 3 is gone: Container exited with status: 75, which says that its native"
            + " work hung\n",
        text());
  }

  @Test
  void masterDecidesHowOftenATaskMayFail() {
    assertEquals(1, ClusterWatch.mostFailures(master("local")));
    assertEquals(1, ClusterWatch.mostFailures(master("local[*]")));
    assertEquals(3, ClusterWatch.mostFailures(master("local[2, 3]")));
    assertEquals(4, ClusterWatch.mostFailures(master("local-cluster[1,1,1024]")));
    assertEquals(
        8, ClusterWatch.mostFailures(master("spark://a:7077").set("spark.task.maxFailures", "8")));
  }

  private static SparkConf master(String url) {
    return new SparkConf(false).setMaster(url);
  }

  private static TaskEndReason failure(Exception e) {
    return new ExceptionFailure(e, none());
  }

  private static SparkListenerTaskEnd ended(int attempt, TaskEndReason reason) {
    TaskInfo task =
        new TaskInfo(99, 12, attempt, 12, 0, "7", "worker-a", TaskLocality.ANY(), false);
    return new SparkListenerTaskEnd(5, 0, "ResultTask", reason, task, null, null);
  }

  @SuppressWarnings("unchecked")
  private static <T> Seq<T> none() {
    return (Seq<T>) Nil$.MODULE$;
  }

  private String text() {
    return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}

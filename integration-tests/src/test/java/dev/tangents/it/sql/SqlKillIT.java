package dev.tangents.it.sql;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that are cancelled: their tasks are told so, and not interrupted. */
class SqlKillIT {
  /** Many times what a batch takes, and less than a query would go on for. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private static SparkSession spark;

  @BeforeAll
  static void open() {
    spark = Sessions.open(Map.of());
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static final class Tasks extends SparkListener {
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      started.incrementAndGet();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      ended.incrementAndGet();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT sum(tangents_predict('M3', array(id, 1, 2, 3))[0]) FROM range(0, 100000000, 1, 2)",
        "SELECT tangents_mean_ntk('M3', array(id, 1, 2, 3)) FROM range(0, 100000000, 1, 2)",
      })
  void tasksEndSoon(String query) {
    SparkContext context = spark.sparkContext();
    Tasks tasks = new Tasks();
    context.addSparkListener(tasks);
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(
            () -> {
              context.setJobGroup("kill", query, false);
              spark.sql(query.replace("M3", Sessions.MODEL)).collectAsList();
            });
    await().atMost(Duration.ofMinutes(1)).until(() -> tasks.started.get() == 2);
    context.cancelJobGroup("kill");
    await().atMost(SOON).until(running::isCompletedExceptionally);
    await().atMost(SOON).until(() -> tasks.ended.get() == 2);
    context.removeSparkListener(tasks);
  }
}

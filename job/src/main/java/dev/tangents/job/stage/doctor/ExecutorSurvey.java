package dev.tangents.job.stage.doctor;

import dev.tangents.job.doctor.Node;
import dev.tangents.job.stage.session.Sessions;
import dev.tangents.udfs.executor.ExecutorResources;
import dev.tangents.udfs.executor.GpuRequest;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Has every executor look at itself. Spark places tasks as it likes; so there is one for each
 * processor, each lasts a moment, and whoever was left out is asked for again.
 */
final class ExecutorSurvey {
  private static final int ROUNDS = 3;
  private static final long SECONDS = 120;

  /** For so long a task keeps its processor, so that the others go elsewhere. */
  private static final long MILLIS = 500;

  private final JavaSparkContext spark;
  private final Question question;
  private final Broadcast<SerializableConfiguration> hadoop;
  private String trouble = "";

  /**
   * What a task looks at.
   *
   * @param gpus whether GPUs are asked for
   * @param folder that the driver made for the output; empty if none
   */
  private record Question(boolean gpus, String folder) implements Serializable {}

  ExecutorSurvey(JavaSparkContext spark, boolean gpus, Optional<String> folder) {
    this.spark = spark;
    this.question = new Question(gpus, folder.orElse(""));
    this.hadoop = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
  }

  /** Asks; one answer an executor, in the order of their names. */
  List<Node> ask() {
    Map<String, Node> answers = new TreeMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      try {
        for (String answer : round()) {
          Node node = NodeProbe.parse(answer);
          answers.put(node.name(), node);
        }
      } catch (TimeoutException e) {
        trouble = "no executor has taken a task within " + SECONDS + " s";
        return List.copyOf(answers.values());
      } catch (ExecutionException e) {
        trouble = "a task of one line fails: " + firstLine(e.getCause());
        return List.copyOf(answers.values());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        trouble = "interrupted";
        return List.copyOf(answers.values());
      }
      if (answers.size() >= Sessions.executors(spark)) {
        return List.copyOf(answers.values());
      }
    }
    trouble =
        "%,d executors are there, and %,d of them have not taken a task"
            .formatted(Sessions.executors(spark), Sessions.executors(spark) - answers.size());
    return List.copyOf(answers.values());
  }

  /** Why not all have answered; empty if they have. */
  String trouble() {
    return trouble;
  }

  private List<String> round() throws ExecutionException, InterruptedException, TimeoutException {
    int tasks = Math.max(1, Sessions.tasksPerJvm(spark) * Math.max(1, Sessions.executors(spark)));
    Question asked = question;
    Broadcast<SerializableConfiguration> settings = hadoop;
    JavaFutureAction<List<String>> answers =
        spark
            .parallelize(Collections.nCopies(tasks, 0), tasks)
            .map(task -> NodeProbe.json(look(asked, settings.value())))
            .collectAsync();
    try {
      return answers.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      answers.cancel(true);
      throw e;
    }
  }

  private static Node look(Question asked, SerializableConfiguration hadoop)
      throws InterruptedException {
    String id = SparkEnv.get().executorId();
    String output =
        asked.folder().isEmpty()
            ? ""
            : OutputProbe.look(
                hadoop.value(), asked.folder(), "task-" + TaskContext.get().taskAttemptId());
    Optional<GpuRequest> gpus = Optional.empty();
    if (asked.gpus()) {
      ResourceInformation given = TaskContext.get().resourcesJMap().get("gpu");
      List<String> addresses = given == null ? List.of() : List.of(given.addresses());
      gpus = Optional.of(GpuRequest.of(id, addresses));
    }
    Node node = NodeProbe.look("executor " + id, ExecutorResources::engine, gpus, output);
    Thread.sleep(MILLIS);
    return node;
  }

  private static String firstLine(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    return text.lines().findFirst().orElse(text);
  }
}

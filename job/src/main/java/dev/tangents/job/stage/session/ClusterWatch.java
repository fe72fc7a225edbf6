package dev.tangents.job.stage.session;

import dev.tangents.job.report.Console;
import dev.tangents.udfs.executor.ExecutorEnd;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorExcluded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.TaskInfo;

/**
 * Tells the user in a line each which executors a run loses and which tasks it computes again. A
 * task that will not be tried again ends the run, whose message tells of it.
 */
final class ClusterWatch extends SparkListener implements AutoCloseable {
  private static final Pattern LOCAL = Pattern.compile("local\\[[^,\\]]+(?:,\\s*(\\d+))?]|local");

  /**
   * What cluster managers write of it: "exited with code 20", "exit code 20", "Exit status: 20".
   */
  private static final Pattern EXIT_CODE =
      Pattern.compile("(?i)exit(?:ed)?(?: with)? (?:code|status):? (\\d{1,3})\\b");

  private static final int STANDARD_FAILURES = 4;
  private static final int MOST_TEXT = 300;

  private final SparkContext context;
  private final Console console;
  private final int mostFailures;

  private ClusterWatch(SparkContext context, Console console, int mostFailures) {
    this.context = context;
    this.console = console;
    this.mostFailures = mostFailures;
  }

  /** Begins to watch. */
  static ClusterWatch of(SparkContext context, Console console) {
    return of(context, console, mostFailures(context.conf()));
  }

  /** Begins to watch a context where a task may fail {@code mostFailures} times. */
  static ClusterWatch of(SparkContext context, Console console, int mostFailures) {
    ClusterWatch watch = new ClusterWatch(context, console, mostFailures);
    context.addSparkListener(watch);
    return watch;
  }

  /** How often a task may fail before the run does. */
  static int mostFailures(SparkConf conf) {
    Matcher local = LOCAL.matcher(conf.get("spark.master", ""));
    if (local.matches()) {
      return local.group(1) == null ? 1 : Integer.parseInt(local.group(1));
    }
    return conf.getInt("spark.task.maxFailures", STANDARD_FAILURES);
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    String reason = firstLine(event.reason());
    Matcher code = EXIT_CODE.matcher(reason);
    String why =
        code.find()
            ? ExecutorEnd.of(Integer.parseInt(code.group(1)))
                .map(end -> ", which says that " + end.reason())
                .orElse("")
            : "";
    say("executor %s is gone: %s%s", event.executorId(), reason, why);
  }

  @Override
  public void onExecutorExcluded(SparkListenerExecutorExcluded event) {
    say(
        "executor %s gets no more tasks after %d of them failed there",
        event.executorId(), event.taskFailures());
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    // Whatever is killed is killed for a reason that is told elsewhere, or won by another attempt.
    if (event.reason() instanceof TaskFailedReason reason && !(reason instanceof TaskKilled)) {
      TaskInfo task = event.taskInfo();
      int attempt = task.attemptNumber() + 1;
      if (attempt < mostFailures || !reason.countTowardsTaskFailures()) {
        say(
            "task %d of stage %d failed on executor %s (%s): %s; it is tried again, attempt %d",
            task.index(),
            event.stageId(),
            task.executorId(),
            task.host(),
            firstLine(text(reason)),
            attempt + 1);
      }
    }
  }

  /** Ends it: what happens from here on is the end of the run. */
  @Override
  public void close() {
    context.removeSparkListener(this);
  }

  private static String text(TaskFailedReason reason) {
    return reason instanceof ExceptionFailure failure && failure.description() != null
        ? failure.description()
        : reason.toErrorString();
  }

  private static String firstLine(String text) {
    String line = text.lines().filter(l -> !l.isBlank()).findFirst().orElse("no reason given");
    String stripped = line.strip();
    String end =
        stripped.length() > MOST_TEXT ? stripped.substring(0, MOST_TEXT) + "..." : stripped;
    return end.endsWith(".") && !end.endsWith("...") ? end.substring(0, end.length() - 1) : end;
  }

  private void say(String format, Object... values) {
    // A line of progress may stand on the terminal; it is written anew after this one.
    String clear = console.terminal() ? "\r\033[K" : "";
    console.err().println(clear + "note: " + String.format(Locale.ROOT, format, values));
  }
}

package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import java.util.Map;
import org.apache.spark.SparkRuntimeException;
import org.apache.spark.SparkThrowableHelper;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a mistake is answered with: Spark's own exceptions, which its clients show by their message
 * alone, as early as it can be known.
 */
class SqlMessagesIT {
  private static SparkSession spark;

  @BeforeAll
  static void open() {
    spark = Sessions.open(Map.of("spark.tangents.dtype", "double"));
    Sessions.table(spark, 10);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static Dataset<Row> sql(String text) {
    return spark.sql(text.replace("M4", Sessions.SQUARE).replace("M3", Sessions.MODEL));
  }

  private static void plan(String text) {
    ((org.apache.spark.sql.classic.Dataset<Row>) sql(text)).queryExecution().executedPlan();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tangents_predict('M3', id) ; x: expected an array of numbers, an ML vector or binary, got int",
        "tangents_predict('M3', array('a')) ; got array<string>",
        "tangents_predict(7, x) ; model: expected a string, got 7 of type int",
        "tangents_predict(concat('a', id), x) ; model: expected a constant",
        "tangents_predict(NULL, x) ; model: expected a value, got NULL",
        "tangents_predict() ; expected tangents_predict(model, x[, options]), got 0 arguments",
        "tangents_predict('M3') ; expected tangents_predict(model, x[, options]), got 1 argument;",
        "tangents_mean_ntk('M3') ; expected tangents_mean_ntk(model, x[, options]), got 1 argument;",
        "tangents_loss('M3', x, 1, 'mine') ; loss: expected one of mse, half-mse",
        "tangents_features('M3', x, 0, 0) ; k: expected a whole number, 1 to 2147483647, got 0",
        "tangents_predict('M3', x, 'modeloutput=logits') ; options: 'modeloutput' is none of this function, which takes",
        "tangents_predict('M3', x, 'params=*') ; options: 'params' is none of this function, which takes model-output",
        "tangents_predict('M3', x, 'logits') ; options: expected key=value pairs",
        "tangents_predict('M3', x, 'select-outputs=x') ; select-outputs: expected numbers",
        "tangents_gradient('M3', x, label, 'mine') ; loss: expected one of mse, half-mse",
        "tangents_predict(model => 'M3', y => x) ; expected tangents_predict(model, x[, options]), got 0 without a name and model, y",
        "tangents_predict('M3', x => x, model => 'M3') ; expected tangents_predict(model, x[, options]), got 1 without",
        "tangents_mean_ntk('M3', options => '') ; expected tangents_mean_ntk(model, x[, options]), got 1 without",
      })
  void aCallThatIsNoneIsRefusedWhenItIsAnalysed(String call, String message) {
    AnalysisException failure =
        assertThrows(AnalysisException.class, () -> sql("SELECT " + call + " FROM t"));
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
    assertTrue(failure.getMessage().contains("line 1 pos 7"), failure.getMessage());
    assertIsForPython(failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tangents_predict('no-such.onnx', x) ; tangents_predict: model 'no-such.onnx'",
        "tangents_predict('file://localhost/m.json', x) ; Wrong FS: file://localhost/m.json, expected: file:///. Write a local file as file:///path",
        "tangents_predict('mlp', x) ; tangents_predict: model 'mlp': unknown form",
        "tangents_mean_ntk('no-such.onnx', x) ; tangents_mean_ntk: model 'no-such.onnx'",
        "tangents_determinant('M3', x) ; tangents_determinant: Determinant: expected a square Jacobian, got 3 outputs",
        "tangents_loss('M3', x, x, 'jacobian-determinant') ; tangents_loss: Determinant: expected a square",
        "tangents_predict('M3', x), tangents_determinant('M3', x) ; tangents_determinant: Determinant",
        "tangents_predict('M3', x, 'select-outputs=9') ; tangents_predict: Output 9: the model's outputs are 0 to 2",
        "tangents_ntk('M3', x, x, 'params=w*') ; tangents_ntk: params: 'w*' matches no parameter of the model",
        "transform(array(x), r -> tangents_predict('M3', r)) ; cannot be called for each element",
        "EXISTS (SELECT 1 FROM t u WHERE tangents_ntk('M3', t.x, u.x) > 0) ; of an inner join alone, not of EXISTS",
      })
  void aCallThatDoesNotFitIsRefusedWhenItIsPlanned(String call, String message) {
    AnalysisException failure =
        assertThrows(AnalysisException.class, () -> plan("SELECT " + call + " FROM t"));
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
    assertTrue(failure.getMessage().contains("; line 1 pos "), failure.getMessage());
    assertTrue(failure.getMessage().contains(TangentsException.in(failure).get().getMessage()));
    assertIsForPython(failure);
  }

  /** PySpark makes a message of its own, of a condition and its parameters. */
  private static void assertIsForPython(AnalysisException failure) {
    String message =
        SparkThrowableHelper.getMessage(failure.getCondition(), failure.getMessageParameters());
    TangentsException.in(failure)
        .ifPresent(ours -> assertTrue(message.contains(ours.getMessage()), message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tangents_predict('M3', array()) ; x = []: 0 features; the model expects 4",
        "tangents_predict('M3', array(1, 2, 3)) ; x = [1.0, 2.0, 3.0]: 3 features; the model expects 4",
        "tangents_predict('M3', array(1, 2, float('nan'), 4)) ; feature 2 is NaN",
        "tangents_predict('M3', array(1, 2, float('inf'), 4)) ; feature 2 is Infinity",
        "tangents_predict('M3', array(1, 2, NULL, 4)) ; x = [1.0, 2.0, null, 4.0]: feature 2 is null",
        "tangents_predict('M3', X'00000000') ; 4 bytes; the model expects 4 features of 4 bytes each",
        "tangents_predict('M3', named_struct('type', 0Y, 'size', 5, 'indices', array(1), 'values', array(2D)))"
            + " ; x = (5, [1], [2.0]): 5 features; the model expects 4",
        "tangents_jvp('M3', x, array(1, 2)) ; v = [1.0, 2.0]: 2 tangent numbers; the model expects 4",
        "tangents_loss('M3', x, 7, 'softmax-cross-entropy') ; the label is 7.0; expected a class",
        "tangents_loss('M3', x, array(1, 1, 1), 'softmax-cross-entropy') ; the label's numbers sum to 3.0",
        "tangents_mean_ntk('M3', array(1, 2)) ; tangents_mean_ntk: a row has x = [1.0, 2.0]",
        "tangents_gradient('M3', x, 7, 'softmax-cross-entropy') ; the label is 7.0; expected a class",
      })
  void aRowThatCannotBeTakenIsShown(String call, String message) {
    SparkRuntimeException failure =
        assertThrows(
            SparkRuntimeException.class, () -> sql("SELECT " + call + " FROM t").collectAsList());
    String ours = TangentsException.in(failure).orElseThrow().getMessage();
    assertTrue(ours.contains(message), ours);
    assertEquals("[USER_RAISED_EXCEPTION] " + ours + " SQLSTATE: P0001", failure.getMessage());
  }

  /** As infinities they would saturate this network, whose outputs are numbers then. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tangents_predict('M3', array(1, 2, 1e39D, 4)) ; feature 2 is 1.0E39, beyond a float",
        "tangents_jvp('M3', x, array(1, 2, 3, -1e300D)) ; tangent number 3 is -1.0E300, beyond a float",
      })
  void aNumberBeyondAFloatIsShown(String call, String message) {
    assertEquals(1, sql("SELECT " + call + " FROM t LIMIT 1").collectAsList().size(), "of doubles");
    String dtype = spark.conf().get("spark.tangents.dtype");
    spark.conf().set("spark.tangents.dtype", "float");
    try {
      aRowThatCannotBeTakenIsShown(call, message);
    } finally {
      spark.conf().set("spark.tangents.dtype", dtype);
    }
  }

  @Test
  void aSettingOutOfRangeIsRefusedWhenAQueryIsPlanned() {
    spark.conf().set("spark.tangents.memory", "0");
    try {
      AnalysisException failure =
          assertThrows(
              AnalysisException.class, () -> plan("SELECT tangents_predict('M3', x) FROM t"));
      assertTrue(
          failure.getMessage().contains("spark.tangents.memory: expected 1 to"),
          failure.getMessage());
    } finally {
      spark.conf().unset("spark.tangents.memory");
    }
  }

  /** What the command line has as flags. */
  @Test
  void aMessageAdvisesSettingsAndOptions() {
    spark.conf().set("spark.tangents.memory", "1");
    try {
      AnalysisException failure =
          assertThrows(
              AnalysisException.class,
              () -> plan("SELECT tangents_jacobian('mlp:1000-2-1000', x) FROM t"));
      String message = failure.getMessage();
      assertTrue(message.contains("more than the 1 MiB of spark.tangents.memory."), message);
      assertTrue(message.contains("with the option select-outputs (by parameters,"), message);
      assertIsForPython(failure);
    } finally {
      spark.conf().unset("spark.tangents.memory");
    }
  }

  /** EXPLAIN says what would be said of the query. */
  @Test
  void explainNamesAModelThatIsNotThere() {
    String said =
        sql("EXPLAIN SELECT tangents_mean_ntk('no-such.onnx', x) FROM t")
            .collectAsList()
            .toString();
    assertTrue(said.contains("tangents_mean_ntk: model 'no-such.onnx'"), said);
  }
}

package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.udfs.Tangents;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each function in a query's text: what it gives, of what. */
class SqlFunctionsIT {
  private static final double STEP = 1e-4;

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

  private static double[] numbers(String expression) {
    return Values.flat(sql("SELECT " + expression + " FROM t WHERE id = 3").head().get(0));
  }

  private static String shifted(String expression, int i, double by) {
    return expression.replace(
        "x", "transform(x, (f, i) -> f + if(i = " + i + ", " + by + "d, 0d))");
  }

  /** (f(x + h e_i) - f(x - h e_i)) / 2h, for each i a column, row-major. */
  private static double[] differences(String expression) {
    double[][] columns = new double[4][];
    for (int i = 0; i < 4; i++) {
      double[] up = numbers(shifted(expression, i, STEP));
      double[] down = numbers(shifted(expression, i, -STEP));
      columns[i] =
          IntStream.range(0, up.length).mapToDouble(o -> (up[o] - down[o]) / (2 * STEP)).toArray();
    }
    return IntStream.range(0, columns[0].length)
        .boxed()
        .flatMapToDouble(o -> Arrays.stream(columns).mapToDouble(column -> column[o]))
        .toArray();
  }

  @Test
  void derivativesAgreeWithDifferences() {
    double[] jacobian = differences("tangents_predict('M3', x)");
    assertArrayEquals(jacobian, numbers("tangents_jacobian('M3', x)"), 1e-7);
    assertArrayEquals(
        differences("flatten(tangents_jacobian('M3', x))"),
        numbers("tangents_hessian('M3', x)"),
        1e-7);
    assertArrayEquals(
        new double[] {
          jacobian[0] - jacobian[3], jacobian[4] - jacobian[7], jacobian[8] - jacobian[11]
        },
        numbers("tangents_jvp('M3', x, array(1, 0, 0, -1))"),
        1e-7);
    assertArrayEquals(
        IntStream.range(0, 4).mapToDouble(i -> 2 * jacobian[i] - jacobian[8 + i]).toArray(),
        numbers("tangents_vjp('M3', x, array(2, 0, -1))"),
        1e-7);
  }

  @Test
  void laplacianIsTheTraceOfTheHessian() {
    double[] h = numbers("tangents_hessian('M3', x)");
    double[] traces =
        IntStream.range(0, 3)
            .mapToDouble(o -> IntStream.range(0, 4).mapToDouble(i -> h[16 * o + 5 * i]).sum())
            .toArray();
    assertArrayEquals(traces, numbers("tangents_laplacian('M3', x)"), 1e-12);
  }

  @Test
  void determinantIsThatOfTheJacobian() {
    double det = Values.determinant(numbers("tangents_jacobian('M4', x)"));
    assertEquals(det, numbers("tangents_determinant('M4', x).det")[0], 1e-12);
    assertEquals(Math.signum(det), numbers("tangents_determinant('M4', x).sign")[0]);
  }

  @Test
  void lossAndItsGradients() {
    double[] f = numbers("tangents_predict('M3', x)");
    double log = Math.log(Arrays.stream(f).map(Math::exp).sum());
    String of = "('M3', x, label, 'softmax-cross-entropy'";
    assertEquals(log - f[0], numbers("tangents_loss" + of + ")")[0], 1e-12);
    double[] flat = numbers("flatten(map_values(tangents_loss_gradient" + of + ")))");
    double norm = Math.sqrt(DoubleStream.of(flat).map(g -> g * g).sum());
    assertEquals(norm, numbers("tangents_param_gradient_norm" + of + ")")[0], 1e-12);
    assertEquals(5, numbers("tangents_loss_gradient" + of + ", 5, 1)").length);
    assertEquals(32 + 8 + 24 + 3, flat.length, "two layers' weights and biases");
  }

  @Test
  void kernelOfAPair() {
    double norm = numbers("tangents_param_gradient_norm('M3', x)")[0];
    assertEquals(norm * norm, numbers("tangents_ntk('M3', x, x)")[0], 1e-10);
    double estimate = numbers("tangents_ntk('M3', x, array(1, 2, 3, 4))")[0];
    assertEquals(estimate, numbers("tangents_ntk('M3', array(1, 2, 3, 4), x)")[0], 1e-12);
    assertEquals(3 * 16, numbers("tangents_features('M3', x, 16, 0)").length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "predict('M3', x)                               ; predict(x => x, model => 'M3')",
        "predict('M3', x, 'select-outputs=1')           ; predict('M3', OPTIONS => 'select-outputs=1', X => x)",
        "param_gradient_norm('M3', x, array(1, 0, 1), 'half-mse') ; param_gradient_norm('M3', x, loss => 'half-mse', label => array(1, 0, 1))",
        "param_gradient_norm('M3', x)                   ; param_gradient_norm('M3', x => x)",
        "ntk('M3', x, array(1, 2, 3, 4))                ; ntk('M3', y => array(1, 2, 3, 4), x => x)",
      })
  void argumentsByName(String placed, String named) {
    assertArrayEquals(numbers("tangents_" + placed), numbers("tangents_" + named), 0);
  }

  @Test
  void functionsOfOneModelAndColumnShareAPass() {
    Dataset<Row> query =
        sql("SELECT id, tangents_determinant('M4', x), tangents_jacobian('M4', x) FROM t");
    assertEquals(10, query.collectAsList().size());
    assertEquals(1, Plans.operators(query).size());
    assertEquals(2, Plans.metric(query, "batches"), "one for each of two partitions");
    assertEquals(2, Plans.metric(query, "networkPasses"));
    assertEquals(10, Plans.metric(query, "numOutputRows"));
  }

  /** Patterns of parameters concern those that differentiate by them alone. */
  @Test
  void functionsByTheSameParametersShareAPassWithThoseByNone() {
    String norm = "tangents_param_gradient_norm('M3', x, 'params=0*')";
    String all = "tangents_param_gradient_norm('M3', x)";
    Dataset<Row> query =
        sql(
            "SELECT tangents_predict('M3', x), "
                + norm
                + ", tangents_jacobian('M3', x), "
                + all
                + " FROM t WHERE id = 3");
    Row row = query.head();
    assertEquals(2, Plans.operators(query).size(), "by other parameters");
    assertArrayEquals(numbers("tangents_predict('M3', x)"), Values.flat(row.get(0)));
    assertEquals(numbers(norm)[0], row.getDouble(1));
    assertEquals(numbers(all)[0], row.getDouble(3));
    assertTrue(row.getDouble(1) < row.getDouble(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tangents_predict('M3', NULL)",
        "tangents_predict('M3', CAST(NULL AS ARRAY<FLOAT>))",
        "tangents_jvp('M3', x, NULL)",
        "tangents_loss('M3', x, CAST(NULL AS INT), 'softmax-cross-entropy')",
        "tangents_ntk('M3', x, NULL)",
        "tangents_determinant('M4', if(id < 5, NULL, NULL))"
      })
  void nullInNullOut(String call) {
    assertEquals(10, sql("SELECT * FROM t WHERE " + call + " IS NULL").count());
  }

  /** A row with one null among several inputs has the values of the calls that do not need it. */
  @Test
  void aNullConcernsTheCallsThatTakeIt() {
    List<Row> rows =
        sql("SELECT id, tangents_predict('M3', x) p, tangents_jvp('M3', x, if(id % 2 = 0, x, NULL)) v"
                + " FROM t ORDER BY id")
            .collectAsList();
    for (Row row : rows) {
      assertEquals(3, row.getList(1).size());
      assertEquals(row.getInt(0) % 2 == 1, row.isNullAt(2));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "transform(x, f -> double(f))",
        "transform(x, f -> CAST(f AS DECIMAL(10, 4)))",
        "named_struct('type', 1Y, 'size', 4, 'indices', array(0), 'values', transform(x, f -> double(f)))",
        "named_struct('type', 0Y, 'size', 4, 'indices', array(0, 1, 2, 3), 'values',"
            + " transform(x, f -> double(f)))"
      })
  void featuresOfEveryForm(String features) {
    assertArrayEquals(
        numbers("tangents_predict('M3', x)"),
        numbers("tangents_predict('M3', " + features + ")"),
        1e-5);
  }

  @Test
  void bytesAreFeaturesToo() {
    assertArrayEquals(
        numbers("tangents_predict('M3', array(1, 0, 0, 255))"),
        numbers("tangents_predict('M3', X'010000FF', 'binary-type=uint8')"));
  }

  @Test
  void constantsAreFoldedAndOptionsAreTextOrMap() {
    double[] all = numbers("tangents_predict(concat('mlp:4-8-3', ':tanh?seed=1'), x)");
    assertEquals(3, all.length);
    double[] some = {all[2], all[0]};
    assertArrayEquals(
        some, numbers("tangents_predict('M3', x, 'select-outputs=2,0,model-output=output')"));
    assertArrayEquals(some, numbers("tangents_predict('M3', x, map('select-outputs', '2,0'))"));
  }

  @Test
  void variablesOfASessionAreConstants() {
    sql("DECLARE OR REPLACE m = 'M3'");
    assertArrayEquals(numbers("tangents_predict('M3', x)"), numbers("tangents_predict(m, x)"));
  }

  @Test
  void usageIsDescribed() {
    for (Row function : sql("SHOW USER FUNCTIONS LIKE 'tangents_*'").collectAsList()) {
      String name = function.getString(0);
      String text = sql("DESCRIBE FUNCTION EXTENDED " + name).collectAsList().toString();
      assertTrue(text.contains(name + "(model, x"), text);
      assertTrue(text.contains(name + "('mlp:2-3-2:tanh?seed=1'"), text);
      assertTrue(text.contains("* options - 'key=value, key=value'"), text);
      assertTrue(text.contains("model-output - which value of the network is f(x)"), text);
    }
    assertTrue(sql("SHOW USER FUNCTIONS LIKE 'tangents_*'").count() >= 12);
  }

  @Test
  void columnsOfProgramsAreTheSameFunctions() {
    Column x = functions.col("x");
    Row row =
        spark
            .table("t")
            .where("id = 3")
            .select(
                Tangents.predict(Sessions.MODEL, x),
                Tangents.loss(Sessions.MODEL, x, functions.col("label"), "softmax-cross-entropy"),
                Tangents.features(Sessions.MODEL, x, 4, 1))
            .head();
    assertArrayEquals(numbers("tangents_predict('M3', x)"), Values.flat(row.get(0)));
    assertEquals(
        numbers("tangents_loss('M3', x, label, 'softmax-cross-entropy')")[0], row.getDouble(1));
    assertArrayEquals(numbers("tangents_features('M3', x, 4, 1)"), Values.flat(row.get(2)));
  }
}

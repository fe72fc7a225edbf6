package dev.tangents.it.sql;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Sessions with the functions, without the plugin, and small tables. */
final class Sessions {
  /** A small network of D = 4 and O = 3. */
  static final String MODEL = "mlp:4-8-3:tanh?seed=1";

  /** A small network of D = O = 4. */
  static final String SQUARE = "mlp:4-8-4:tanh?seed=2";

  private Sessions() {}

  /** A session with the extension and further properties. */
  static SparkSession open(Map<String, String> properties) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.sql.extensions", "dev.tangents.udfs.TangentsExtensions");
    properties.forEach(builder::config);
    return builder.getOrCreate();
  }

  /** Rows of an id, a group, a label, and features x of four floats. */
  static Dataset<Row> table(SparkSession spark, int rows) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType)
            .add("grp", DataTypes.IntegerType)
            .add("label", DataTypes.IntegerType)
            .add("x", DataTypes.createArrayType(DataTypes.FloatType));
    List<Row> all =
        java.util.stream.IntStream.range(0, rows)
            .mapToObj(
                i ->
                    RowFactory.create(
                        i, i % 3, i % 3, new Float[] {i * 0.1f, 1f - i * 0.05f, -0.5f, 0.25f * i}))
            .toList();
    Dataset<Row> table = spark.createDataFrame(all, schema).repartition(2);
    table.createOrReplaceTempView("t");
    return table;
  }
}

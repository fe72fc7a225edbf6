package dev.tangents.job.io.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.importer.ModelInput;
import dev.tangents.job.config.Choices.InputFormat;
import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.udfs.PlainRows;
import dev.tangents.udfs.sample.BinaryType;
import dev.tangents.udfs.sample.FeatureReader;
import dev.tangents.udfs.sample.VectorForm;
import dev.tangents.udfs.sample.VectorReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** The user's table, read through Spark: every row becomes a {@link Sample} with its place. */
public final class InputTable {
  /** What is amiss where all names of a CSV file are numbers. */
  private static final String HEADER =
      ". All names are numbers: a CSV file must name its columns in its first line";

  private final RowParser.Layout layout;
  private final Spec spec;
  private final Dataset<Row> rows;

  /** The columns that order the rows. */
  private final Dataset<Row> places;

  private final StructType schema;
  private final List<FeatureReader> readers;

  private InputTable(
      RowParser.Layout layout,
      Spec spec,
      Dataset<Row> rows,
      Dataset<Row> places,
      StructType schema,
      List<FeatureReader> readers) {
    this.layout = layout;
    this.spec = spec;
    this.rows = rows;
    this.places = places;
    this.schema = schema;
    this.readers = List.copyOf(readers);
  }

  /**
   * How to read a table.
   *
   * @param format how its files are coded
   * @param features which columns, those of one input or of each by its name
   * @param id column of keys
   * @param label column of labels
   * @param where condition in SQL
   * @param binary what a binary column holds
   * @param precision width of the numbers that are computed with, which must hold those read
   * @param scale factor on real features
   * @param shift summand on real features
   * @param vectors columns that are further vectors of each sample, which are not scaled, by the
   *     flag that names each
   */
  public record Spec(
      InputFormat format,
      String features,
      Optional<String> id,
      Optional<String> label,
      Optional<String> where,
      BinaryType binary,
      Precision precision,
      double scale,
      double shift,
      Map<String, String> vectors) {}

  /**
   * Opens the table: lists its files, reads its schema, resolves its columns. Of Parquet and ORC
   * reads no row.
   *
   * @param inputs what a sample must bring, in the order in which its features are kept
   * @throws TangentsException of category USER for a path, column, input or condition that is
   *     wrong, DATA for a column of a type that does not serve
   */
  public static InputTable open(
      SparkSession spark, String path, Spec spec, List<ModelInput> inputs) {
    requireScalable(spec, inputs);
    LoadedTable loaded = LoadedTable.load(spark, path, spec.format());
    InputFormat format = loaded.files().format();
    StructType schema = loaded.schema();
    List<Column> columns = columns(spec, inputs, loaded);
    boolean exact = format == InputFormat.PARQUET;
    String position = exact ? "_metadata.row_index" : "_metadata.file_block_start";
    try {
      // The hidden columns are taken before the filter, beside all columns that it may name.
      Dataset<Row> placed =
          loaded
              .rows()
              .withColumn("tangents path", col("_metadata.file_path"))
              .withColumn("tangents position", col(position));
      Dataset<Row> kept = spec.where().map(where -> loaded.filtered(placed, where)).orElse(placed);
      Dataset<Row> rows =
          kept.select(
              Stream.concat(
                      Stream.of(col("tangents path"), col("tangents position")), columns.stream())
                  .toArray(Column[]::new));
      Dataset<Row> places =
          kept.select(col("tangents path"), col("tangents position"), columns.get(0));
      RowParser.Layout layout =
          new RowParser.Layout(loaded.files().root(), spec.id().isPresent(), exact, loaded.fault());
      return new InputTable(layout, spec, rows, places, schema, readers(spec, inputs));
    } catch (Exception e) {
      if (e instanceof AnalysisException) { // what does not parse as well
        throw noCondition(spec.where().orElse(""), schema, e).causedBy(e);
      }
      throw e;
    }
  }

  /** The id, the label, what is malformed, the inputs and the further vectors. */
  private static List<Column> columns(Spec spec, List<ModelInput> inputs, LoadedTable loaded) {
    StructType schema = loaded.schema();
    try {
      Column id = spec.id().map(name -> scalar("id", name, schema)).orElse(lit(null));
      Column label = spec.label().map(name -> scalar("label", name, schema)).orElse(lit(null));
      List<Column> columns = new ArrayList<>(List.of(id, label, loaded.malformed()));
      for (String names : InputColumns.of(spec.features(), inputs, schema)) {
        columns.add(FeatureColumns.of("features", names, loaded));
      }
      spec.vectors().forEach((flag, name) -> columns.add(FeatureColumns.of(flag, name, loaded)));
      return columns;
    } catch (TangentsException e) {
      boolean headless =
          loaded.files().format() == InputFormat.CSV
              && e.getMessage().contains(FeatureColumns.ABSENT)
              && FeatureColumns.allNumbers(schema);
      throw headless
          ? TangentsException.user("%s%s", e.getMessage().replaceFirst("\\.$", ""), HEADER)
          : e;
    }
  }

  /** Spark's own text would name columns that are not the user's. */
  private static TangentsException noCondition(String where, StructType schema, Exception e) {
    if (e instanceof SparkThrowable known
        && String.valueOf(known.getCondition()).startsWith("UNRESOLVED_COLUMN")) {
      String name = known.getMessageParameters().getOrDefault("objectName", "").replace("`", "");
      return TangentsException.user(
          "where: '%s' names %s, which is no column of the input. It has %s",
          where, name, FeatureColumns.listed(name, schema));
    }
    return TangentsException.user(
        "where: '%s' is no condition on this table: %s", where, firstLine(e));
  }

  /** Number of rows, without looking at them. */
  public long count() {
    return ReadFailure.told(rows::count, spec.where().orElse(""));
  }

  /** D, number of features of a sample. */
  public int width() {
    return readers.stream().mapToInt(FeatureReader::width).sum();
  }

  /** Type of the ids, NONE if no column is named. */
  public Scalar.Type idType() {
    return type(spec.id(), 2);
  }

  /** Type of the labels, NONE if no column is named. */
  public Scalar.Type labelType() {
    return type(spec.label(), 3);
  }

  private Scalar.Type type(Optional<String> name, int column) {
    if (name.isEmpty()) {
      return Scalar.Type.NONE;
    }
    DataType type = rows.schema().fields()[column].dataType();
    if (type.equals(DataTypes.LongType)) {
      return Scalar.Type.INTEGER;
    }
    return type.equals(DataTypes.DoubleType) ? Scalar.Type.REAL : Scalar.Type.TEXT;
  }

  /**
   * The place of every row in the order, without reading its features, and whether the row is the
   * first of its file in the partition.
   */
  public JavaPairRDD<SampleOrder.Key, Boolean> places() {
    RowParser.Layout rules = layout; // a closure over this table would not be serialised
    String where = spec.where().orElse("");
    return PlainRows.of(places)
        .mapPartitionsToPair(
            iterator ->
                new RowParser(rules, List.of(), List.of())
                    .places(ReadFailure.told(iterator, where)));
  }

  /** Every row with its place in the order. */
  public JavaPairRDD<SampleOrder.Key, Sample> samples() {
    return samples(List.of());
  }

  /**
   * Every row with its place in the order and further vectors.
   *
   * @param forms what each of the further vectors must be, in the order of the specification
   */
  public JavaPairRDD<SampleOrder.Key, Sample> samples(List<VectorForm> forms) {
    List<FeatureReader> readers = this.readers; // a closure over this table would not be serialised
    List<VectorReader> others =
        forms.stream()
            .map(form -> new VectorReader(form, spec.binary(), spec.precision()))
            .toList();
    RowParser.Layout rules = layout;
    String where = spec.where().orElse("");
    return PlainRows.of(rows)
        .mapPartitionsToPair(
            iterator ->
                new RowParser(rules, readers, others).parse(ReadFailure.told(iterator, where)));
  }

  /** Whether one of the further vectors is a single number column. */
  public boolean isNumber(String flag) {
    String name = spec.vectors().get(flag);
    return Arrays.asList(schema.fieldNames()).contains(name)
        && schema.apply(name).dataType() instanceof NumericType;
  }

  private static List<FeatureReader> readers(Spec spec, List<ModelInput> inputs) {
    return inputs.stream()
        .map(
            input ->
                FeatureReader.of(
                    inputs.size() == 1 ? "feature" : "'" + input.name() + "' number",
                    input,
                    spec.scale(),
                    spec.shift(),
                    spec.binary(),
                    spec.precision()))
        .toList();
  }

  private static void requireScalable(Spec spec, List<ModelInput> inputs) {
    if (inputs.stream().noneMatch(ModelInput::real) && (spec.scale() != 1 || spec.shift() != 0)) {
      throw TangentsException.user(
          "%s: the model takes integers alone, %s, which are not scaled. Leave out --scale and --shift",
          spec.scale() != 1 ? "scale" : "shift", ModelInput.listed(inputs));
    }
  }

  private static Column scalar(String role, String name, StructType schema) {
    DataType type = FeatureColumns.type(name, schema);
    Column column = FeatureColumns.quoted(name);
    if (type instanceof IntegralType) {
      return column.cast(DataTypes.LongType);
    }
    if (type instanceof StringType) {
      return column;
    }
    if (role.equals("label") && type instanceof FractionalType) {
      return column.cast(DataTypes.DoubleType);
    }
    if (role.equals("label") && type instanceof BooleanType) {
      return column.cast(DataTypes.StringType);
    }
    throw TangentsException.data(
        "Column '%s': as %s, expected whole numbers or strings%s, got %s. Choose another column with"
            + " --%s",
        name, role, role.equals("label") ? " or numbers" : "", type.simpleString(), role);
  }

  static String firstLine(Exception e) {
    return String.valueOf(e.getMessage())
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("no message");
  }
}

package dev.tangents.job.io.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.Choices.InputFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/**
 * The files of an input as a table of Spark: all of them, or a failure that says why not. Lines of
 * text that are none of the table's are rows all the same, with the line in a column of its own.
 *
 * @param files where they lie
 * @param rows the table
 * @param schema its columns, that of faulty lines left out
 */
record LoadedTable(InputFiles files, Dataset<Row> rows, StructType schema) {
  private static final String NO_SCHEMA = "UNABLE_TO_INFER_SCHEMA";

  private static final int FOLDED = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

  /** Column of a line of text that is none of the table's. */
  private static final String MALFORMED = "tangents malformed";

  /**
   * Lists the files and reads their schema; of lines, which have none, Spark reads all.
   *
   * @param path as the user gave it
   * @param format of the files, AUTO to see it from their names
   * @throws TangentsException of category USER or DATA
   */
  static LoadedTable load(SparkSession spark, String path, InputFormat format) {
    InputFiles files = InputFiles.list(spark.sessionState().newHadoopConf(), path, format);
    DataFrameReader reader = reader(spark, files.format());
    try {
      Dataset<Row> found = reader.load(files.pattern());
      files.requireAll(found.inputFiles());
      if (files.format() == InputFormat.CSV) {
        CsvHeaders.requireSame(spark, files);
      }
      StructType schema = named(withoutUserTypes(found.schema()));
      if (schema.isEmpty()) {
        throw TangentsException.data(
            "input: %s has no columns%s",
            path,
            files.format() == InputFormat.JSON
                ? ": no line is a JSON object. Write one object a line"
                : ". Check --input and --format");
      }
      StructType all = lines(files.format()) ? schema.add(MALFORMED, DataTypes.StringType) : schema;
      boolean same = all.equals(found.schema());
      return new LoadedTable(
          files, same ? found : reader.schema(all).load(files.pattern()), schema);
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      Optional<TangentsException> known = ReadFailure.of(e, "");
      if (known.isEmpty() && isScheduling(ReadFailure.root(e))) {
        throw e;
      }
      if (e instanceof AnalysisException told
          && String.valueOf(told.getCondition()).startsWith(NO_SCHEMA)) {
        files.requireAll(); // none is read: they may lie deeper
      }
      throw known.orElseGet(() -> unreadable(path, files.format(), e));
    }
  }

  /** Whether Spark itself has failed, or was stopped: what files do to it has a condition. */
  private static boolean isScheduling(Throwable root) {
    boolean told =
        root instanceof SparkException spark
            && (spark.getCondition() == null || spark.getCondition().startsWith("SPARK_JOB"));
    return told || ReadFailure.isStopped(root);
  }

  private static TangentsException unreadable(String path, InputFormat format, Exception e) {
    boolean analysis = e instanceof AnalysisException;
    String reason = analysis ? InputTable.firstLine(e) : ReadFailure.reason(e);
    return TangentsException.data(
            "input: %s cannot be read as %s: %s. Check --input and --format, and that every file is whole and"
                + " has the same columns",
            path, format.name().toLowerCase(Locale.ROOT), reason)
        .causedBy(e);
  }

  /**
   * A reader that leaves out nothing, whatever a cluster has set for other tables. Pages of Parquet
   * that have a checksum are held against it. Schemas of ORC are read of every file: Spark would
   * turn numbers silently into the type that the first one has.
   */
  private static DataFrameReader reader(SparkSession spark, InputFormat format) {
    DataFrameReader reader =
        spark
            .read()
            .format(format.name().toLowerCase(Locale.ROOT))
            .option("ignoreCorruptFiles", "false")
            .option("ignoreMissingFiles", "false")
            .option("columnNameOfCorruptRecord", MALFORMED);
    return switch (format) {
      case PARQUET -> reader.option("parquet.page.verify-checksum.enabled", "true");
      case ORC -> reader.option("mergeSchema", "true");
      case CSV -> csv(reader);
      default -> reader;
    };
  }

  /**
   * A line must have a field for each column of the header, of which Spark sees nothing where it
   * parses the wanted columns alone. A quote within quotes is doubled (RFC 4180), as most programs
   * write it.
   */
  private static DataFrameReader csv(DataFrameReader reader) {
    return reader
        .option("header", "true")
        .option("escape", "\"")
        .option("inferSchema", "true")
        .option("columnPruning", "false");
  }

  private static boolean lines(InputFormat format) {
    return format == InputFormat.CSV || format == InputFormat.JSON;
  }

  /** The line, where a row is none of the table's; null elsewhere. */
  Column malformed() {
    return lines(files.format()) ? col(MALFORMED) : lit(null);
  }

  /** What is wrong with such a line. */
  String fault() {
    return files.format() == InputFormat.JSON
        ? "is no JSON object with the table's columns"
        : "has not one field for each column of the header";
  }

  /**
   * The rows for which a condition holds. Where it needs what stands in lines, the malformed ones
   * as well: of these it cannot be told.
   */
  Dataset<Row> filtered(Dataset<Row> placed, String where) {
    Column condition = expr(where);
    return placed.filter(
        lines(files.format()) && needsLines(where)
            ? malformed().isNotNull().or(condition)
            : condition);
  }

  /** Whether a condition names a column of the files, and not of their folders alone. */
  private boolean needsLines(String where) {
    return Arrays.stream(schema.fieldNames())
        .filter(name -> files.all().stream().noneMatch(file -> isOfFolder(file, name)))
        .map(name -> Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "(?!\\w)", FOLDED))
        .anyMatch(name -> name.matcher(where).find());
  }

  private static boolean isOfFolder(FileStatus file, String name) {
    return file.getPath().toUri().getPath().contains("/" + name + "=");
  }

  /**
   * What made a column of lines one of strings: the first cell that is no number, for a message.
   */
  Optional<String> firstText(String name) {
    if (!lines(files.format())) {
      return Optional.empty();
    }
    Column cell = FeatureColumns.quoted(name);
    Dataset<Row> texts =
        rows.filter(cell.isNotNull().and(cell.try_cast(DataTypes.DoubleType).isNull()))
            .select(col("_metadata.file_path"), cell);
    return ReadFailure.told(() -> texts.takeAsList(1), "").stream()
        .map(row -> ", such as '" + row.get(1) + "' in " + ReadFailure.decoded(row.getString(0)))
        .findFirst();
  }

  /** The columns of the files. */
  private static StructType named(StructType schema) {
    return new StructType(
        Arrays.stream(schema.fields())
            .filter(field -> !field.name().equals(MALFORMED))
            .toArray(StructField[]::new));
  }

  /**
   * The schema with Spark ML vectors as the structs that lie in the file, so that the class of the
   * vector is not needed.
   */
  private static StructType withoutUserTypes(StructType schema) {
    StructField[] fields = schema.fields().clone();
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].dataType() instanceof UserDefinedType<?> type) {
        fields[i] =
            new StructField(
                fields[i].name(), type.sqlType(), fields[i].nullable(), fields[i].metadata());
      }
    }
    return new StructType(fields);
  }
}

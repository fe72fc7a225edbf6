package dev.tangents.job.io.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;
import dev.tangents.importer.ModelInput;
import dev.tangents.job.config.Choices.InputFormat;
import dev.tangents.job.testkit.SparkExtension;
import dev.tangents.udfs.sample.BinaryType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.util.functional.RemoteIterators;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(SparkExtension.class)
class InputTableTest {
  @TempDir private Path folder;
  private SparkSession spark;

  @BeforeEach
  void keepSession(SparkSession session) {
    this.spark = session;
  }

  @Test
  void formsOfFeaturesAgree() {
    String path =
        save(
            "select id, array(cast(id as float), 2 * id) as a, id as px0, 2 * id as px1 from range(3)");
    for (String features : List.of("a", "px0,px1", "px0..px1")) {
      List<Sample> samples = samples(path, spec(features), 2);
      assertEquals(3, samples.size(), features);
      assertArrayEquals(new double[] {2, 4}, samples.get(2).features(), features);
    }
  }

  private static final List<ModelInput> MIXED =
      List.of(
          new ModelInput("mask", true, List.of(2L)),
          new ModelInput("time", true, List.of()),
          new ModelInput("ids", false, List.of(3L)));

  private List<Sample> mixed(String path, InputTable.Spec spec) {
    return InputTable.open(spark, path, spec, MIXED).samples().sortByKey().values().collect();
  }

  @Test
  void eachInputHasItsColumns() {
    String path =
        save("select array(7, 8, 9) as i, 1.5D as m0, 2.5D as m1, 4 as t, array(1, 2.5, 3) as bad");
    for (String features :
        List.of(
            "mask=m0,m1,time=t,ids=i",
            "ids=i,time=t,mask=m0..m1",
            "ids = i, time = t, mask = m0, m1")) {
      assertArrayEquals(
          new double[] {1.5, 2.5, 4, 7, 8, 9},
          mixed(path, spec(features)).get(0).features(),
          features);
    }
    assertEquals(
        "'ids' number 1 is 2.5; the model takes whole numbers",
        mixed(path, spec("mask=m0,m1,time=t,ids=bad")).get(0).problem());
    assertEquals(
        "1 'mask' numbers; the model expects 2",
        mixed(path, spec("mask=m0,time=t,ids=i")).get(0).problem());
    assertArrayEquals(new double[] {4}, samples(path, spec("x=t"), 1).get(0).features());
  }

  @Test
  void integersAreNotScaled() {
    String path = save("select array(7, 8, 9) as i, array(1D, 2D) as m, 4 as t");
    InputTable.Spec scaled = scaled("mask=m,time=t,ids=i");
    assertArrayEquals(
        new double[] {-0.875, -0.75, -0.5, 7, 8, 9}, mixed(path, scaled).get(0).features());
    List<ModelInput> ids = MIXED.subList(2, 3);
    TangentsException e =
        assertThrows(TangentsException.class, () -> InputTable.open(spark, path, scaled("i"), ids));
    assertEquals(
        "scale: the model takes integers alone, ids integer [3], which are not scaled. Leave out --scale"
            + " and --shift",
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "i                 | the model has 3 inputs: LIST. Say which columns each takes: --features"
            + " mask=COLUMN,time=COLUMN,ids=COLUMN",
        "mask=m,tme=t,ids=i | the model has no input 'tme'; perhaps 'time'. Its inputs are LIST",
        "mask=m,ids=i      | no column for input 'time'. The model's inputs are LIST",
        "mask=m,time=t,ids=i,mask=m | input 'mask' is named twice. Give its columns one after the other:"
            + " mask=c1,c2"
      })
  void otherInputsAreRefused(String features, String message) {
    String path = save("select array(7, 8, 9) as i, array(1D, 2D) as m, 4 as t");
    TangentsException e = assertThrows(TangentsException.class, () -> mixed(path, spec(features)));
    assertEquals(
        "features: " + message.replace("LIST", "mask real [2], time real [], ids integer [3]"),
        e.getMessage());
  }

  @Test
  void vectorsAreReadWithoutTheirClass() {
    String dense =
        "named_struct('type', cast(1 as tinyint), 'size', cast(null as int), 'indices', cast(null as array<int>), 'values', array(1D, 0D, 3D))";
    String sparse =
        "named_struct('type', cast(0 as tinyint), 'size', 3, 'indices', array(0, 2), 'values', array(1D, 3D))";
    String path =
        save("select 1 as id, " + dense + " as v union all select 2 as id, " + sparse + " as v");
    for (Sample sample : samples(path, spec("v"), 3)) {
      assertArrayEquals(new double[] {1, 0, 3}, sample.features(), sample.where());
    }
  }

  @Test
  void bytesAreLittleEndian() {
    String path = save("select 1 as id, unhex('0000803f000000c0') as b");
    assertArrayEquals(new double[] {1, -2}, samples(path, spec("b"), 2).get(0).features());
    InputTable.Spec bytes = binary("b", BinaryType.UINT8);
    assertArrayEquals(
        new double[] {0, 0, 128, 63, 0, 0, 0, 192}, samples(path, bytes, 8).get(0).features());
    assertEquals(
        "8 bytes; the model expects 3 features of 4 bytes each",
        samples(path, spec("b"), 3).get(0).problem());
  }

  @Test
  void featuresAreScaled() {
    String path = save("select 1 as id, array(0D, 16D) as a");
    InputTable.Spec scaled = scaled("a");
    assertArrayEquals(new double[] {-1, 1}, samples(path, scaled, 2).get(0).features());
  }

  @Test
  void faultyFeaturesAreNamedByRow() {
    String path =
        save(
            "select * from values (0, array(1D, 2D)), (1, null), (2, array(1D)),"
                + " (3, array(1D, cast(null as double))), (4, array(1D, cast('NaN' as double))),"
                + " (5, array(cast('-Infinity' as double), 0D)) as t(id, a)");
    List<Sample> samples = samples(path, byId("a"), 2);
    assertEquals(null, samples.get(0).problem());
    assertEquals(
        List.of(
            "the features are null",
            "1 features; the model expects 2",
            "feature 1 is null",
            "feature 1 is NaN",
            "feature 0 is -Infinity"),
        samples.subList(1, 6).stream().map(Sample::problem).toList());
    assertTrue(
        samples.get(1).where().matches("part-0000.*\\.parquet row \\d \\(id 1\\)"),
        samples.get(1).where());
  }

  @ParameterizedTest
  @EnumSource(
      value = InputFormat.class,
      names = {"PARQUET", "ORC", "CSV", "JSON"})
  void everyFormatKeepsTheOrderOfItsFile(InputFormat format) {
    String path = folder.resolve("t").toString();
    spark
        .sql("select 10 - id as k, id * 1.5D as x from range(0, 7, 1, 1)")
        .write()
        .format(format.name().toLowerCase(java.util.Locale.ROOT))
        .option("header", "true")
        .save(path);
    List<Sample> samples = samples(path, spec("k,x"), 2);
    assertEquals(7, samples.size());
    for (int i = 0; i < 7; i++) {
      assertArrayEquals(new double[] {10 - i, 1.5 * i}, samples.get(i).features());
      assertEquals(i, samples.get(i).position());
    }
  }

  @Test
  void quotesInQuotesAreDoubled() throws IOException {
    Path file = folder.resolve("quotes.csv");
    Files.writeString(file, "id,a\n\"q\"\"x, y\",1\nplain,2\n");
    List<Sample> samples = samples(file.toString(), byId("a"), 1);
    assertEquals(
        List.of("plain", "q\"x, y"), samples.stream().map(each -> each.id().text()).toList());
  }

  /** A comma too many moves every number behind it into the next column. */
  @Test
  void linesOfAnotherNumberOfFieldsAreBadRowsOfTheirFile() throws IOException {
    Path file = folder.resolve("lines.csv");
    Files.writeString(file, "name,a,b\ns0,1,2\ns1,7,0.7,0.8\ns2,3\ns3,5,\ns4,8,9\n");
    List<Sample> samples = samples(file.toString(), spec("a,b"), 2);
    assertEquals(5, samples.size());
    assertArrayEquals(new double[] {1, 2}, samples.get(0).features());
    assertArrayEquals(new double[] {8, 9}, samples.get(4).features());
    assertEquals(
        List.of(
            "the line 's1,7,0.7,0.8' has not one field for each column of the header",
            "the line 's2,3' has not one field for each column of the header",
            "feature 1 is null"),
        samples.subList(1, 4).stream().map(Sample::problem).toList());
    assertEquals("lines.csv row 1", samples.get(1).where());
  }

  @Test
  void filesAreOrderedByPathAndIdsByValue() {
    String path = folder.resolve("many").toString();
    spark
        .sql("select id, array(cast(id as double)) as a from range(0, 100, 1, 7)")
        .write()
        .parquet(path);
    List<Sample> byPath = samples(path, spec("a"), 1);
    List<Sample> byId = samples(path, byId("a"), 1);
    for (int i = 0; i < 100; i++) {
      assertEquals(i, byPath.get(i).features()[0]);
      assertEquals(i, byId.get(i).id().integer());
    }
  }

  @Test
  void unknownOrUnfitColumnsAreRefusedWithAdvice() {
    String path = save("select 1 as id, array(1D) as features, 'x' as name, 1.5 as score");
    assertEquals(
        "Column 'featurs': not in the input, which has id, features, name, score. Did you mean"
            + " 'features'?",
        refused(path, spec("featurs")));
    assertEquals(
        "Column 'name': expected numbers, an array of numbers, a vector or binary, got string. Choose"
            + " other columns with --features",
        refused(path, spec("id,name")));
    assertEquals(
        "Column 'score': as id, expected whole numbers or strings, got decimal(2,1). Choose another"
            + " column with --id",
        refused(path, spec("features", "score", null)));
    assertEquals(
        "Column 'ID': not in the input, which has id, features, name, score. Did you mean 'id'?",
        refused(path, spec("features", "ID", null)));
    String where = refused(path, spec("features", null, "nme = 'x'"));
    assertEquals(
        "where: 'nme = 'x'' names nme, which is no column of the input. It has id, features, name,"
            + " score. Did you mean 'name'?",
        where);
    String syntax = refused(path, spec("features", null, "id = = 1"));
    assertTrue(syntax.startsWith("where: 'id = = 1' is no condition"), syntax);
    String none = folder.resolve("none").toString();
    assertEquals(
        "input: " + none + " does not exist. Check the path", refused(none, spec("features")));
  }

  /** A disk that does not say where its files lie, and says that in our own words. */
  public static final class Closed extends RawLocalFileSystem {
    @Override
    public String getScheme() {
      return "closed";
    }

    @Override
    public URI getUri() {
      return URI.create("closed:///");
    }

    /** Without the owner, who is looked up by URIs of files. */
    @Override
    public FileStatus getFileStatus(org.apache.hadoop.fs.Path file) throws IOException {
      FileStatus known = super.getFileStatus(file);
      return new FileStatus(
          known.getLen(),
          known.isDirectory(),
          1,
          known.getBlockSize(),
          known.getModificationTime(),
          known.getPath());
    }

    /** Lists files without asking for them. */
    @Override
    public RemoteIterator<LocatedFileStatus> listLocatedStatus(org.apache.hadoop.fs.Path folder)
        throws IOException {
      return RemoteIterators.mappingRemoteIterator(
          RemoteIterators.remoteIteratorFromArray(listStatus(folder)),
          file -> new LocatedFileStatus(file, new BlockLocation[0]));
    }

    /** Spark asks for them as it opens the table. */
    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long from, long length) {
      throw TangentsException.resource("disk: it is closed");
    }
  }

  @Test
  void aFailureOfOursIsNotTakenForAFaultOfTheFiles() {
    String path = save("select id, array(1D) as features from range(10)");
    spark.sparkContext().hadoopConfiguration().set("fs.closed.impl", Closed.class.getName());
    assertEquals("disk: it is closed", refused("closed:" + path, spec("features")));
  }

  @Test
  void aConditionChoosesTheRowsThatAreCounted() {
    String path = save("select id, array(1D) as features from range(10)");
    InputTable table = InputTable.open(spark, path, spec("features", null, "id % 3 = 0"), x(1));
    assertEquals(4, table.count());
    assertEquals(4, table.samples().count());
  }

  private String save(String sql) {
    String path = folder.resolve("t").toString();
    Dataset<Row> rows = spark.sql(sql);
    rows.coalesce(1).write().mode("overwrite").parquet(path);
    return path;
  }

  private List<Sample> samples(String path, InputTable.Spec spec, int width) {
    return InputTable.open(spark, path, spec, x(width)).samples().sortByKey().values().collect();
  }

  private String refused(String path, InputTable.Spec spec) {
    return assertThrows(
            TangentsException.class,
            () -> InputTable.open(spark, path, spec, x(1)).samples().count())
        .getMessage();
  }

  private static InputTable.Spec spec(String features) {
    return spec(features, null, null);
  }

  private static InputTable.Spec byId(String features) {
    return spec(features, "id", null);
  }

  /** As an infinity it would saturate a network, whose output is a number then. */
  @Test
  void numbersBeyondTheWidthThatIsComputedWithAreNamed() {
    String path = save("select array(1D, -1e39D) as a, array(1e10D, 2D) as b");
    assertEquals(
        "feature 1 is -1.0E39, beyond a float; dtype double would hold it",
        samples(path, wide("a", 1, Precision.FLOAT), 2).get(0).problem());
    assertArrayEquals(
        new double[] {1, -1e39},
        samples(path, wide("a", 1, Precision.DOUBLE), 2).get(0).features());
    assertEquals(
        "feature 0 is 1.0E10, scaled 1.0E40, beyond a float; dtype double would hold it",
        samples(path, wide("b", 1e30, Precision.FLOAT), 2).get(0).problem());
    assertEquals(
        "feature 0 is 1.0E10, scaled Infinity, beyond a double",
        samples(path, wide("b", 1e300, Precision.DOUBLE), 2).get(0).problem());
  }

  private static InputTable.Spec wide(String features, double scale, Precision precision) {
    return features(features, BinaryType.FLOAT, precision, scale, 0);
  }

  private static InputTable.Spec scaled(String features) {
    return features(features, BinaryType.FLOAT, Precision.DOUBLE, 0.125, -1);
  }

  private static InputTable.Spec binary(String features, BinaryType type) {
    return features(features, type, Precision.DOUBLE, 1, 0);
  }

  private static InputTable.Spec features(
      String features, BinaryType binary, Precision precision, double scale, double shift) {
    return new InputTable.Spec(
        InputFormat.AUTO,
        features,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        binary,
        precision,
        scale,
        shift,
        Map.of());
  }

  private static InputTable.Spec spec(String features, String id, String where) {
    return new InputTable.Spec(
        InputFormat.AUTO,
        features,
        Optional.ofNullable(id),
        Optional.empty(),
        Optional.ofNullable(where),
        BinaryType.FLOAT,
        Precision.DOUBLE,
        1,
        0,
        Map.of());
  }

  private static List<ModelInput> x(long width) {
    return List.of(new ModelInput("x", true, List.of(width)));
  }
}

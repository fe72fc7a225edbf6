package dev.tangents.job.io;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** Reads the features of a panel straight into one array, without an object for each number. */
public final class PanelReader {
  private PanelReader() {}

  /** Names of the columns of a panel, with the types that lie in the file. */
  public static List<String> columns(Configuration hadoop, Path path) throws IOException {
    try (ParquetFileReader file = ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
      return Fields.described(file.getFileMetaData().getSchema());
    }
  }

  /**
   * The features of a panel's samples, [rows, width].
   *
   * @throws TangentsException of category DATA if the file has another number of features
   */
  public static HostTensor features(
      Configuration hadoop, Path path, int rows, int width, Precision precision)
      throws IOException {
    Shape shape = Shape.of(rows, width);
    Numbers numbers = new Numbers(shape.intSize(), precision);
    try (ParquetReader<Boolean> reader =
        ParquetReader.builder(new Features(numbers), path).withConf(hadoop).build()) {
      while (reader.read() != null) {
        numbers.records++;
      }
    }
    if (numbers.records != rows || numbers.count != shape.size()) {
      throw TangentsException.data(
          "%s: expected %d samples of %d features, got %d with %d numbers. Run again with"
              + " --if-exists overwrite",
          path, rows, width, numbers.records, numbers.count);
    }
    return precision == Precision.FLOAT
        ? HostTensor.of(shape, numbers.floats)
        : HostTensor.of(shape, numbers.doubles);
  }

  /** The array that is filled; what does not fit is counted and left out. */
  private static final class Numbers extends PrimitiveConverter {
    private final float[] floats;
    private final double[] doubles;
    private final int size;
    private long count;
    private int records;

    Numbers(int size, Precision precision) {
      this.size = size;
      this.floats = precision == Precision.FLOAT ? new float[size] : new float[0];
      this.doubles = precision == Precision.FLOAT ? new double[0] : new double[size];
    }

    @Override
    public void addFloat(float value) {
      if (count < size) {
        floats[(int) count] = value;
      }
      count++;
    }

    @Override
    public void addDouble(double value) {
      if (count < size) {
        doubles[(int) count] = value;
      }
      count++;
    }
  }

  /** A group with one field: the record, the list, the list's entry. */
  private static final class Only extends GroupConverter {
    private final Converter child;

    Only(Converter child) {
      this.child = child;
    }

    @Override
    public Converter getConverter(int field) {
      return child;
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private static final class Features extends ReadSupport<Boolean> {
    private final Numbers numbers;

    Features(Numbers numbers) {
      this.numbers = numbers;
    }

    @Override
    public ReadContext init(InitContext context) {
      MessageType file = context.getFileSchema();
      return new ReadContext(new MessageType(file.getName(), file.getType("features")));
    }

    /** Its successor takes Parquet's own configuration; this one is still the abstract method. */
    @Override
    @SuppressWarnings("deprecation")
    public RecordMaterializer<Boolean> prepareForRead(
        Configuration hadoop, Map<String, String> footer, MessageType schema, ReadContext read) {
      return new RecordMaterializer<>() {
        @Override
        public Boolean getCurrentRecord() {
          return true;
        }

        @Override
        public GroupConverter getRootConverter() {
          return new Only(new Only(new Only(numbers)));
        }
      };
    }
  }
}

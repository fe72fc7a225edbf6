package dev.tangents.job.io.input;

import dev.tangents.job.io.parquet.Scalar;
import dev.tangents.udfs.sample.FeatureReader;
import dev.tangents.udfs.sample.VectorReader;
import java.io.Serializable;
import java.net.URI;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.fs.Path;
import scala.Tuple2;

/** Turns the rows of one Spark partition into samples, in the order in which they come. */
final class RowParser {
  /** The first column of an input. */
  private static final int INPUTS = 5;

  /** Characters of a line that a message shows. */
  private static final int SHOWN = 80;

  private final Layout layout;
  private final List<FeatureReader> readers;
  private final List<VectorReader> others;
  private String rawPath;
  private String path;
  private long block = -1;
  private long count;

  /**
   * What a row's place is made of.
   *
   * @param root prefix of paths that is left out
   * @param byId whether the id orders
   * @param exactPosition whether the second column is the row's position, else its block's start
   * @param fault what is wrong with a malformed line
   */
  record Layout(String root, boolean byId, boolean exactPosition, String fault)
      implements Serializable {}

  RowParser(Layout layout, List<FeatureReader> readers, List<VectorReader> others) {
    this.layout = layout;
    this.readers = readers;
    this.others = others;
  }

  /** The samples of rows (path, position, id, label, malformed, inputs..., other vectors...). */
  Iterator<Tuple2<SampleOrder.Key, Sample>> parse(Iterator<Object[]> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Tuple2<SampleOrder.Key, Sample> next() {
        return parse(rows.next());
      }
    };
  }

  /** The places of rows (path, position, id), each with whether it is the first of its file. */
  Iterator<Tuple2<SampleOrder.Key, Boolean>> places(Iterator<Object[]> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Tuple2<SampleOrder.Key, Boolean> next() {
        Object[] row = rows.next();
        boolean first = advance((String) row[0], (Long) row[1]);
        return new Tuple2<>(key(Scalar.ofRow(row[2])), first);
      }
    };
  }

  private Tuple2<SampleOrder.Key, Sample> parse(Object... row) {
    advance((String) row[0], (Long) row[1]);
    Scalar id = Scalar.ofRow(row[2]);
    SampleOrder.Key key = key(id);
    long position = layout.exactPosition() ? block : count;
    if (row[4] != null) {
      return new Tuple2<>(key, Sample.bad(path, position, id, malformed((String) row[4]), 0));
    }
    if (layout.byId() && !id.isPresent()) {
      return new Tuple2<>(key, Sample.bad(path, position, id, "the id is null", Sample.ID));
    }
    int column = 0;
    try {
      double[] features = features(row);
      double[][] vectors = new double[others.size()][];
      for (int i = 0; i < vectors.length; i++) {
        column = i + 1;
        vectors[i] = others.get(i).read(row[INPUTS + readers.size() + i]);
      }
      Scalar label = Scalar.ofRow(row[3]);
      return new Tuple2<>(key, Sample.good(path, position, id, label, features, vectors));
    } catch (FeatureReader.BadRow e) {
      return new Tuple2<>(key, Sample.bad(path, position, id, e.getMessage(), column));
    }
  }

  private SampleOrder.Key key(Scalar id) {
    return layout.byId() && id.isPresent()
        ? SampleOrder.Key.ofId(id)
        : SampleOrder.Key.ofPlace(path, block, count);
  }

  private String malformed(String line) {
    String shown = line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    return "the line '%s' %s".formatted(shown, layout.fault());
  }

  /** The numbers of all inputs, one input after the other. */
  private double[] features(Object... row) throws FeatureReader.BadRow {
    double[] all = readers.get(0).read(row[INPUTS]);
    for (int i = 1; i < readers.size(); i++) {
      double[] own = readers.get(i).read(row[INPUTS + i]);
      int before = all.length;
      all = Arrays.copyOf(all, before + own.length);
      System.arraycopy(own, 0, all, before, own.length);
    }
    return all;
  }

  /**
   * Files come one after the other within a partition, and a file's blocks in their order. Gives
   * whether a file begins.
   */
  private boolean advance(String newPath, long newBlock) {
    boolean sameFile = newPath.equals(rawPath);
    count = sameFile && newBlock == block ? count + 1 : 0;
    block = newBlock;
    if (!sameFile) {
      rawPath = newPath;
      String decoded = new Path(URI.create(Objects.requireNonNull(newPath))).toString();
      path =
          decoded.startsWith(layout.root()) ? decoded.substring(layout.root().length()) : decoded;
    }
    return !sameFile;
  }
}

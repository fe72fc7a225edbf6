package dev.tangents.job.io.input;

import dev.tangents.job.io.parquet.Scalar;
import java.io.Serializable;

/**
 * A row of the input on its way to a panel: its place in the order, what is carried along, and
 * either its features or what is wrong with it. Travels through a Spark shuffle.
 */
public final class Sample implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The column at fault is that of the id. */
  public static final int ID = -1;

  private final String file;
  private final long position;
  private final Scalar id;
  private final Scalar label;
  private final double[] features;
  private final double[][] vectors;
  private final String problem;
  private final int column;

  private Sample(
      String file,
      long position,
      Scalar id,
      Scalar label,
      double[] features,
      double[][] vectors,
      String problem,
      int column) {
    this.file = file;
    this.position = position;
    this.id = id;
    this.label = label;
    this.features = features;
    this.vectors = vectors;
    this.problem = problem;
    this.column = column;
  }

  /** A row without fault. The arrays are not copied. */
  public static Sample good(
      String file, long position, Scalar id, Scalar label, double[] features, double[][] vectors) {
    return new Sample(file, position, id, label, features, vectors, null, ID);
  }

  /**
   * A row that cannot be used.
   *
   * @param column at fault, see {@link #column()}
   */
  static Sample bad(String file, long position, Scalar id, String problem, int column) {
    return new Sample(
        file, position, id, Scalar.NONE, new double[0], new double[0][], problem, column);
  }

  /** Java's serialisation writes this in its place. */
  private Object writeReplace() {
    return PackedSample.of(this);
  }

  /** Path of the file, relative to the input. */
  public String file() {
    return file;
  }

  /** 0-based position of the row in its file. */
  public long position() {
    return position;
  }

  /** The user's key, {@link Scalar#NONE} if no column is named. */
  public Scalar id() {
    return id;
  }

  /** The user's label, {@link Scalar#NONE} if no column is named. */
  public Scalar label() {
    return label;
  }

  /** The D features as the network takes them; not copied. Empty for a bad row. */
  public double[] features() {
    return features;
  }

  /**
   * What else is read of it: a target, a weight, directions, in the order that was asked for; not
   * copied. Empty for a bad row.
   */
  public double[][] vectors() {
    return vectors;
  }

  /** What is wrong with it, or null. */
  public String problem() {
    return problem;
  }

  /** Of a bad row the column at fault: {@link #ID}, 0 for the features, n for vector n. */
  public int column() {
    return column;
  }

  /** File, row and id, for messages. */
  public String where() {
    return file + " row " + position + (id.isPresent() ? " (id " + id + ")" : "");
  }
}

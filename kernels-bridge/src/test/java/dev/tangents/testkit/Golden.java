package dev.tangents.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tangents.importer.JsonTree;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * What PyTorch computed of one network in float64: a file that {@code goldens/network.py} wrote,
 * which tells what stands under which name.
 */
public final class Golden {
  private final JsonNode tree;

  private Golden(JsonNode tree) {
    this.tree = tree;
  }

  /** The goldens at a place of the test resources, such as {@code /onnx/mlp.json}. */
  public static Golden of(String resource) throws IOException {
    return new Golden(JsonTree.parseObject(Files.readAllBytes(path(resource))));
  }

  /** A file of the test resources. */
  public static Path path(String resource) {
    try {
      return Path.of(Golden.class.getResource(resource).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(resource, e);
    }
  }

  /** v_i = sin(1 + i), the direction and the weights of the sums in the file. */
  public static double[] wave(long size) {
    return IntStream.range(0, Math.toIntExact(size)).mapToDouble(i -> Math.sin(1 + i)).toArray();
  }

  /** A whole number. */
  public long number(String name) {
    return tree.get(name).asLong();
  }

  /** Rows of numbers. */
  public List<double[]> rows(String name) {
    return StreamSupport.stream(tree.get(name).spliterator(), false).map(Golden::row).toList();
  }

  /** One row of numbers. */
  public double[] row(String name) {
    return row(tree.get(name));
  }

  /** An array, in full or not. */
  public Numbers numbers(String name) {
    return numbers(tree.get(name));
  }

  /** Arrays, in full or not. */
  public List<Numbers> list(String name) {
    return StreamSupport.stream(tree.get(name).spliterator(), false).map(Golden::numbers).toList();
  }

  /** Arrays by parameter, in order of their names. */
  public Map<String, Numbers> byParameter(String name) {
    Map<String, Numbers> found = new TreeMap<>();
    tree.get(name).properties().forEach(p -> found.put(p.getKey(), numbers(p.getValue())));
    return found;
  }

  /** What is known of the kernel of many samples. */
  public Many many() {
    return new Many(tree.get("many"));
  }

  private static Numbers numbers(JsonNode node) {
    return node.isArray()
        ? new Numbers(row(node), false)
        : new Numbers(
            new double[] {
              node.get("first").asDouble(), node.get("norm").asDouble(), node.get("wave").asDouble()
            },
            true);
  }

  private static double[] row(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  /** An array of PyTorch's: all numbers, or of a long one the first, the norm and a sum. */
  public static final class Numbers {
    private final double[] values;
    private final boolean probed;

    private Numbers(double[] values, boolean probed) {
      this.values = values;
      this.probed = probed;
    }

    /** Requires the array found to be this one: see {@link Vectors#assertClose}. */
    public void assertClose(double[] found, double tolerance, String what) {
      Vectors.assertClose(values, probed ? probe(found) : found, tolerance, what);
    }

    private static double[] probe(double[] x) {
      return new double[] {x[0], Math.sqrt(Vectors.dot(x, x)), Vectors.dot(x, wave(x.length))};
    }
  }

  /** The trace kernel K of many samples. */
  public static final class Many {
    private final int ids;
    private final double mean;
    private final double[] diagonal;
    private final double[] product;

    private Many(JsonNode many) {
      ids = many.get("ids").asInt();
      mean = many.get("mean").asDouble();
      diagonal = row(many.get("diagonal"));
      product = row(many.get("product"));
    }

    /** The mean of |K|. */
    public double mean() {
      return mean;
    }

    /** K[n, n]. */
    public double[] diagonal() {
      return diagonal.clone();
    }

    /** K v for the {@link #wave} v. */
    public double[] product() {
      return product.clone();
    }

    /**
     * The samples, a row of {@code width} numbers each: 24 bits of SplitMix64 an element (Steele,
     * Lea, Flood, "Fast splittable pseudorandom number generators", 2014, figure 16), exact in
     * float.
     */
    public double[][] samples(long width) {
      double[][] x = new double[diagonal.length][Math.toIntExact(width)];
      long state = 0;
      for (double[] row : x) {
        for (int i = 0; i < row.length; i++) {
          state += 0x9E3779B97F4A7C15L;
          long bits = mix(state) >>> 40;
          row[i] = ids > 0 ? bits % ids : (bits - (1 << 23)) / (double) (1 << 22);
        }
      }
      return x;
    }

    private static long mix(long state) {
      long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }
  }
}

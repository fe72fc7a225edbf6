package dev.tangents.job.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tangents.ir.Shape;
import java.util.Arrays;
import java.util.Locale;

/**
 * What {@code bench kernel} measured.
 *
 * @param description the model in a line
 * @param samples N
 * @param outputs O, those that take part
 * @param parameters P, those of the model
 * @param network the passes of N samples, forward and back
 * @param tile the N x N tile
 * @param shape [B, N, N], B the blocks of the kernel's kind
 * @param values the kernel, row-major; empty where it has more than {@link #MOST_VALUES} numbers
 */
public record KernelFigures(
    String description,
    int samples,
    long outputs,
    long parameters,
    Part network,
    Part tile,
    Shape shape,
    @SuppressWarnings("ArrayRecordComponent") double[] values) {
  /** More numbers than these are not kept. */
  static final int MOST_VALUES = 1 << 20;

  private static final double GIGA = 1e-9;

  /**
   * One part of the work.
   *
   * @param flops operations
   * @param least seconds of the fastest turn
   * @param median seconds
   */
  public record Part(double flops, double least, double median) {
    static Part of(double flops, double... seconds) {
      double least = Arrays.stream(seconds).min().orElse(Double.NaN);
      return new Part(flops, least, Turns.median(seconds));
    }

    private double rate() {
      return flops / median * GIGA;
    }
  }

  /** Aligned columns for people. */
  public String text() {
    String head =
        String.format(
            Locale.ROOT,
            "%s%nN %d, O %d, P %,d, one thread%n",
            description,
            samples,
            outputs,
            parameters);
    String columns =
        "%-15s %12s %12s %12s %10s%n".formatted("", "s (median)", "s (least)", "GFLOP", "GFLOP/s");
    return head + columns + line("network passes", network) + line("tile", tile);
  }

  private static String line(String name, Part part) {
    return String.format(
        Locale.ROOT,
        "%-15s %12.6f %12.6f %12.4f %10.1f%n",
        name,
        part.median(),
        part.least(),
        part.flops() * GIGA,
        part.rate());
  }

  /**
   * A JSON object with model, samples, outputs, parameters, network and tile (seconds, least,
   * gflop, gflops each), shape and values.
   */
  public String json() {
    ObjectNode object = new ObjectMapper().createObjectNode();
    object.put("model", description).put("samples", samples);
    object.put("outputs", outputs).put("parameters", parameters);
    put(object.putObject("network"), network);
    put(object.putObject("tile"), tile);
    for (long dim : shape.dims()) {
      object.withArray("shape").add(dim);
    }
    for (double value : values) {
      object.withArray("values").add(value);
    }
    return object + System.lineSeparator();
  }

  private static void put(ObjectNode object, Part part) {
    object.put("seconds", part.median()).put("least", part.least());
    object.put("gflop", part.flops() * GIGA).put("gflops", part.rate());
  }
}

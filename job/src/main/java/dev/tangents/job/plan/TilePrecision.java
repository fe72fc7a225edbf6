package dev.tangents.job.plan;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.Precision;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.GpuSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.udfs.executor.EngineName;
import java.io.Serializable;

/**
 * How products of tiles are formed. In a reduced arithmetic the error of every tile is measured on
 * a sample, and a tile whose error is too large is computed again strictly.
 *
 * @param arithmetic of the tiles; networks are always strict
 * @param maxError largest error that stays, relative to the mean of |K| over the sample
 */
public record TilePrecision(Arithmetic arithmetic, double maxError) implements Serializable {
  /** Strict products: no reduced arithmetic. */
  public static final TilePrecision STRICT = new TilePrecision(Arithmetic.STRICT, 0);

  /**
   * What was asked for.
   *
   * @throws TangentsException of category USER where the engine or the width of numbers does not
   *     have it
   */
  public static TilePrecision of(Configuration configuration) {
    Arithmetic arithmetic = configuration.get(GpuSettings.PRECISION);
    if (arithmetic == Arithmetic.STRICT) {
      return STRICT;
    }
    EngineName engine = configuration.get(Settings.ENGINE);
    if (!engine.reduces()) {
      throw TangentsException.user(
          "precision: the engine %s forms every product strictly; %s needs the tensor cores of a GPU. Give"
              + " --engine cuda, or leave --precision out",
          Setting.kebab(engine), arithmetic);
    }
    if (configuration.get(Settings.DTYPE) != Precision.FLOAT) {
      throw TangentsException.user(
          "precision: %s is an arithmetic of floats; products of --dtype double are always strict. Give --dtype float,"
              + " or leave --precision out",
          arithmetic);
    }
    double bound = configuration.find(GpuSettings.MAX_ERROR).orElse(standard(arithmetic));
    if (bound < 0) {
      throw TangentsException.user(
          "max-error: expected a number of at least 0, got %s. 0 keeps those alone whose sampled entries are exact",
          bound);
    }
    return new TilePrecision(arithmetic, bound);
  }

  /** Whether tiles are in another arithmetic than the strict one. */
  public boolean reduced() {
    return arithmetic != Arithmetic.STRICT;
  }

  /**
   * What two ways to the same kernel differ by at most in practice: 2e-5 between two strict ones on
   * GPUs, 5e-3 with TF32 and 5e-2 with BF16 by the tolerances of Neural Tangents (its default, and
   * that for TPUs, whose products are of BF16).
   */
  private static double standard(Arithmetic arithmetic) {
    return switch (arithmetic) {
      case STRICT -> 0;
      case TF32X3 -> 2e-5;
      case TF32 -> 5e-3;
      case BF16 -> 5e-2;
    };
  }
}

package dev.tangents.job.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** A picture of a kernel as a PNG, one pixel a mean, dark for small and bright for large. */
final class HeatMap {
  /** Dark blue over green to yellow, evenly spaced in brightness, so that grey print serves too. */
  private static final int[] COLOURS = {0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725};

  private final double least;
  private final double most;
  private final String base64;

  /** Draws the picture. */
  HeatMap(KernelSummary kernel) {
    int height = kernel.rows().pixels();
    int width = kernel.columns().pixels();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int r = 0; r < height; r++) {
      for (int c = 0; c < width; c++) {
        low = Math.min(low, kernel.pixel(r, c));
        high = Math.max(high, kernel.pixel(r, c));
      }
    }
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    double range = high > low ? high - low : 1;
    for (int r = 0; r < height; r++) {
      for (int c = 0; c < width; c++) {
        image.setRGB(c, r, colour((kernel.pixel(r, c) - low) / range));
      }
    }
    this.least = low;
    this.most = high;
    this.base64 = Base64.getEncoder().encodeToString(png(image));
  }

  /** The smallest mean. */
  double least() {
    return least;
  }

  /** The largest mean. */
  double most() {
    return most;
  }

  /** The PNG's bytes. */
  String base64() {
    return base64;
  }

  /** The colour at {@code x} in 0 ... 1. */
  static int colour(double x) {
    double place = Math.max(0, Math.min(1, x)) * (COLOURS.length - 1);
    int below = Math.min((int) place, COLOURS.length - 2);
    double share = place - below;
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = COLOURS[below] >> shift & 0xff;
      int b = COLOURS[below + 1] >> shift & 0xff;
      mixed |= (int) Math.round(a + (b - a) * share) << shift;
    }
    return mixed;
  }

  private static byte[] png(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}

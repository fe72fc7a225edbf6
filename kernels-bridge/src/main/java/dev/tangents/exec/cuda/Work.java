package dev.tangents.exec.cuda;

/**
 * What a device was asked to do.
 *
 * @param kernels launched, those of cuBLAS counted as one a call
 * @param products floating-point operations of matrix products
 * @param peakSeconds that these take at least, at the device's peak; those whose peak is not known
 *     left out
 * @param uploaded bytes copied to the device
 * @param downloaded bytes copied from it
 */
public record Work(
    long kernels, double products, double peakSeconds, long uploaded, long downloaded) {
  /** Nothing yet. */
  static final Work NONE = new Work(0, 0, 0, 0, 0);

  /**
   * Kernels that form products.
   *
   * @param peak operations a second at most, 0 where it is not known
   */
  static Work products(long kernels, double products, double peak) {
    return new Work(kernels, products, peak > 0 ? products / peak : 0, 0, 0);
  }

  /** A kernel that forms none. */
  static Work kernel() {
    return new Work(1, 0, 0, 0, 0);
  }

  /** Bytes copied. */
  static Work copies(long uploaded, long downloaded) {
    return new Work(0, 0, 0, uploaded, downloaded);
  }

  Work plus(Work more) {
    return new Work(
        kernels + more.kernels,
        products + more.products,
        peakSeconds + more.peakSeconds,
        uploaded + more.uploaded,
        downloaded + more.downloaded);
  }

  /** What was done since {@code before}. */
  Work since(Work before) {
    return new Work(
        kernels - before.kernels,
        products - before.products,
        peakSeconds - before.peakSeconds,
        uploaded - before.uploaded,
        downloaded - before.downloaded);
  }
}

package dev.tangents.exec.cuda;

/**
 * What a device was asked to do.
 *
 * @param kernels launched, those of cuBLAS counted as one a call
 * @param products floating-point operations of matrix products
 * @param uploaded bytes copied to the device
 * @param downloaded bytes copied from it
 */
public record Work(long kernels, double products, long uploaded, long downloaded) {
  /** Nothing yet. */
  static final Work NONE = new Work(0, 0, 0, 0);

  Work plus(Work more) {
    return new Work(
        kernels + more.kernels,
        products + more.products,
        uploaded + more.uploaded,
        downloaded + more.downloaded);
  }
}

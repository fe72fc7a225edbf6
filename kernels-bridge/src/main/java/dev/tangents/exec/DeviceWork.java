package dev.tangents.exec;

/**
 * What a device other than the processor was asked to do: the proof that it, and nothing else, has
 * computed.
 *
 * @param kernels launched
 * @param flops floating-point operations of matrix products
 * @param peakSeconds that these operations take at least, at the device's peak; 0 where that is not
 *     known
 * @param uploaded bytes copied to the device
 * @param downloaded bytes copied from it
 */
public record DeviceWork(
    long kernels, double flops, double peakSeconds, long uploaded, long downloaded) {
  /** Nothing. */
  public static final DeviceWork NONE = new DeviceWork(0, 0, 0, 0, 0);

  /** What was done since {@code before}. */
  public DeviceWork since(DeviceWork before) {
    return new DeviceWork(
        kernels - before.kernels,
        flops - before.flops,
        peakSeconds - before.peakSeconds,
        uploaded - before.uploaded,
        downloaded - before.downloaded);
  }
}

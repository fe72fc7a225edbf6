package dev.tangents.exec.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.Precision;

/**
 * Row numbers that kernels have found in no table: a kernel cannot throw, so it writes 1, the
 * number and the number of rows, and whoever ran it looks.
 *
 * @param memory the device
 * @param expected whether a kernel may complain; else nobody waits for it
 * @param address where it would
 */
record Complaints(CudaMemory memory, boolean expected, long address) {
  /**
   * Waits for the work and looks.
   *
   * @throws TangentsException of category DATA if a kernel has complained
   */
  void check() {
    if (!expected) {
      return;
    }
    double[] complaint = new double[3];
    if (memory.precision() == Precision.DOUBLE) {
      memory.gpu().read(address, complaint);
    } else {
      float[] narrow = new float[complaint.length];
      memory.gpu().read(address, narrow);
      for (int i = 0; i < narrow.length; i++) {
        complaint[i] = narrow[i];
      }
    }
    if (complaint[0] != 0) {
      memory.gpu().clear(address, (long) complaint.length * memory.precision().bytes());
      int rows = (int) complaint[2];
      throw TangentsException.data(
          "gather: no row %s in a table of %d rows; expected %d to %d",
          complaint[1], rows, -rows, rows - 1);
    }
  }
}

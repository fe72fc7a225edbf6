package dev.tangents.exec.nd4j.cuda;

import dev.tangents.error.TangentsException;
import dev.tangents.exec.cuda.driver.CudaErrors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** ND4J's exceptions as what they mean: too little memory, or a lost device. */
final class Nd4jCudaErrors {
  /** How libnd4j's cuda_exception ends its message. */
  private static final Pattern CODE = Pattern.compile("Error code: \\[(\\d{1,4})]");

  private Nd4jCudaErrors() {}

  /**
   * Does work of ND4J.
   *
   * @throws TangentsException of category RESOURCE if memory ran out
   * @throws dev.tangents.exec.cuda.driver.DeviceLostException if the device is lost to this process
   */
  static <T> T translated(Supplier<T> work) {
    try {
      return work.get();
    } catch (TangentsException e) {
      throw e;
    } catch (OutOfMemoryError e) {
      throw TangentsException.resource(
              "ND4J CUDA: out of memory (%s). Use a smaller --panel-mib, --tile or --micro-batch, or fewer"
                  + " --gpu-tasks",
              e.getMessage())
          .causedBy(e);
    } catch (RuntimeException e) {
      throw translated(e);
    }
  }

  private static RuntimeException translated(RuntimeException e) {
    Matcher code = CODE.matcher(String.valueOf(e.getMessage()));
    if (!code.find()) {
      return e;
    }
    RuntimeException known =
        CudaErrors.of(Integer.parseInt(code.group(1)), "an operation of ND4J", e.getMessage());
    known.addSuppressed(e);
    return known;
  }
}

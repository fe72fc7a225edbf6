package dev.tangents.exec.cuda.driver;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import com.sun.jna.ptr.LongByReference;
import dev.tangents.error.TangentsException;
import dev.tangents.exec.Cleanup;

/**
 * A device in use: its primary context, which other libraries of the process share, and one stream
 * on which all work is done in order. Any thread may call, one at a time; each call makes the
 * context the thread's own.
 */
public final class CudaContext implements AutoCloseable {
  /** CU_STREAM_NON_BLOCKING: no waiting for the legacy stream of other libraries. */
  private static final int NON_BLOCKING = 1;

  /** CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: other threads of the process go on as they like. */
  private static final int THREAD_LOCAL = 1;

  /** CU_EVENT_DISABLE_TIMING. */
  private static final int UNTIMED = 2;

  /** CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES. */
  private static final int DYNAMIC_SHARED_BYTES = 8;

  private static final int ARGUMENTS = 256;

  private final CudaDriver driver;
  private final int device;
  private final long context;
  private final long stream;
  private final Cleanup cleanup = new Cleanup();

  /** Arguments of a launch and, behind them, their addresses; the driver copies both. */
  private final Memory arguments = new Memory(2L * ARGUMENTS * Long.BYTES);

  /**
   * Opens a device.
   *
   * @throws TangentsException of category SETUP if another process has it for itself
   */
  public CudaContext(CudaDriver driver, int ordinal) {
    this.driver = driver;
    this.device = driver.device(ordinal);
    this.context = driver.handle("cuDevicePrimaryCtxRetain", device);
    cleanup.add(() -> driver.call("cuDevicePrimaryCtxRelease_v2", device));
    try {
      this.stream = newStream();
    } catch (RuntimeException | Error e) {
      try (cleanup) {
        throw e;
      }
    }
    cleanup.add(() -> destroy(stream));
    for (int i = 0; i < ARGUMENTS; i++) {
      Pointer value = arguments.share((long) i * Long.BYTES);
      arguments.setPointer((long) (ARGUMENTS + i) * Long.BYTES, value);
    }
  }

  /** Makes the context that of the calling thread. */
  public void enter() {
    driver.call("cuCtxSetCurrent", context);
  }

  /** The stream's handle. */
  public long stream() {
    return stream;
  }

  /** Bytes of memory that no process uses. */
  public long freeBytes() {
    enter();
    LongByReference free = new LongByReference();
    LongByReference total = new LongByReference();
    driver.call("cuMemGetInfo_v2", free, total);
    return free.getValue();
  }

  /**
   * Memory of the device.
   *
   * @throws TangentsException of category RESOURCE if there is not enough
   */
  public long allocate(long bytes) {
    enter();
    LongByReference address = new LongByReference();
    int failed = driver.tryCall("cuMemAlloc_v2", address, bytes);
    if (failed == CudaErrors.OUT_OF_MEMORY) {
      throw TangentsException.resource(
          "GPU: %,d bytes of its memory were refused, %,d are free. Use a smaller tile or batch, fewer tasks on"
              + " one GPU, or a GPU with more memory",
          bytes, freeBytes());
    }
    driver.check(failed, "cuMemAlloc");
    return address.getValue();
  }

  /** Gives memory of the device back, after all work. */
  public void free(long address) {
    enter();
    driver.call("cuMemFree_v2", address);
  }

  /** Memory of the host that the device reaches by itself, page-locked. */
  Pointer pin(long bytes) {
    enter();
    return new Pointer(driver.handle("cuMemHostAlloc", bytes, 1));
  }

  /** Gives page-locked memory back. */
  void unpin(Pointer memory) {
    enter();
    driver.call("cuMemFreeHost", memory);
  }

  /** Copies from page-locked memory. */
  void upload(long target, Pointer source, long bytes) {
    enter();
    driver.call("cuMemcpyHtoDAsync_v2", target, source, bytes, stream);
  }

  /** Copies to page-locked memory. */
  void download(Pointer target, long source, long bytes) {
    download(stream, target, source, bytes);
  }

  /** Copies to page-locked memory on another stream. */
  void download(long other, Pointer target, long source, long bytes) {
    enter();
    driver.call("cuMemcpyDtoHAsync_v2", target, source, bytes, other);
  }

  /** Another stream of the device. */
  long newStream() {
    enter();
    return driver.handle("cuStreamCreate", NON_BLOCKING);
  }

  /** Waits for another stream's work and gives the stream back. */
  void endStream(long other) {
    enter();
    driver.call("cuStreamSynchronize", other);
    driver.call("cuStreamDestroy_v2", other);
  }

  /** Lets another stream wait for a mark. */
  void wait(long other, long event) {
    enter();
    driver.call("cuStreamWaitEvent", other, event, 0);
  }

  /** Sets a mark in another stream. */
  void mark(long other, long event) {
    enter();
    driver.call("cuEventRecord", event, other);
  }

  /** Copies within the device. */
  public void copy(long target, long source, long bytes) {
    enter();
    driver.call("cuMemcpyDtoDAsync_v2", target, source, bytes, stream);
  }

  /** Sets bytes to zero. */
  public void clear(long target, long bytes) {
    enter();
    driver.call("cuMemsetD8Async", target, (byte) 0, bytes, stream);
  }

  /** Waits for all work, and meets its failures. */
  public void synchronise() {
    enter();
    driver.call("cuStreamSynchronize", stream);
  }

  /** A mark in the stream that can be waited for. */
  long event() {
    enter();
    return driver.handle("cuEventCreate", UNTIMED);
  }

  /** A mark with a time. */
  long timedEvent() {
    enter();
    return driver.handle("cuEventCreate", 0);
  }

  /** Time between two marks that were reached. */
  float milliseconds(long from, long to) {
    enter();
    FloatByReference milliseconds = new FloatByReference();
    driver.call("cuEventElapsedTime", milliseconds, from, to);
    return milliseconds.getValue();
  }

  /** Sets a mark behind all work asked for so far. */
  void mark(long event) {
    enter();
    driver.call("cuEventRecord", event, stream);
  }

  /** Waits until a mark is reached; at once if it was never set. */
  void await(long event) {
    enter();
    driver.call("cuEventSynchronize", event);
  }

  /** Gives a mark back. */
  void forget(long event) {
    enter();
    driver.call("cuEventDestroy_v2", event);
  }

  /** Loads machine code, or the text that the driver compiles itself. */
  public long load(byte[] code) {
    enter();
    try (Memory memory = new Memory(code.length)) {
      memory.write(0, code, 0, code.length);
      return driver.handle("cuModuleLoadData", memory);
    }
  }

  /** Unloads code. */
  public void unload(long module) {
    enter();
    driver.call("cuModuleUnload", module);
  }

  /** A function of loaded code. */
  public long function(long module, String name) {
    enter();
    return driver.handle("cuModuleGetFunction", module, name);
  }

  /** Lets a function be launched with more shared memory of a block than 48 KiB. */
  public void allowShared(long function, int bytes) {
    enter();
    driver.call("cuFuncSetAttribute", function, DYNAMIC_SHARED_BYTES, bytes);
  }

  /**
   * Launches a function.
   *
   * @param values arguments, of 8 bytes each; a shorter one has the lower bytes of its place
   */
  public void launch(long function, Grid grid, long... values) {
    if (values.length > ARGUMENTS) {
      throw TangentsException.internal(
          "GPU: a kernel of %d arguments; expected at most %d", values.length, ARGUMENTS);
    }
    enter();
    arguments.write(0, values, 0, values.length);
    Pointer addresses = arguments.share((long) ARGUMENTS * Long.BYTES);
    driver.call(
        "cuLaunchKernel",
        function,
        grid.blocks(),
        1,
        1,
        grid.threads(),
        1,
        1,
        grid.sharedBytes(),
        stream,
        addresses,
        null);
  }

  /** Records what {@code work} asks for, without doing it; the handle of what can be replayed. */
  public long record(Runnable work) {
    enter();
    driver.call("cuStreamBeginCapture_v2", stream, THREAD_LOCAL);
    long graph;
    try {
      work.run();
    } finally {
      graph = endCapture();
    }
    try {
      return driver.handle("cuGraphInstantiateWithFlags", graph, 0L);
    } finally {
      driver.call("cuGraphDestroy", graph);
    }
  }

  private long endCapture() {
    LongByReference graph = new LongByReference();
    driver.call("cuStreamEndCapture", stream, graph);
    return graph.getValue();
  }

  /** Does recorded work. */
  public void replay(long recording) {
    enter();
    driver.call("cuGraphLaunch", recording, stream);
  }

  /** Gives recorded work back. */
  public void forgetRecording(long recording) {
    enter();
    driver.call("cuGraphExecDestroy", recording);
  }

  /** Gives the device back; what was allocated on it stays until the process ends or frees it. */
  @Override
  public void close() {
    cleanup.close();
  }

  private void destroy(long own) {
    enter();
    driver.call("cuStreamDestroy_v2", own);
  }
}

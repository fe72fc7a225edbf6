package dev.tangents.exec.cuda;

import dev.tangents.exec.cuda.driver.CudaContext;
import dev.tangents.exec.cuda.driver.Grid;
import java.util.function.Consumer;

/** Code that a device has loaded: its functions, each with the grid that it is launched on. */
class LoadedCode implements Gpu.Program {
  private final CudaContext context;
  private final Consumer<Work> count;
  private final long module;
  private final long[] functions;
  private final Grid[] grids;

  /**
   * Takes over a module.
   *
   * @param count hears of each launch
   * @param module handle of the module; 0 if there is none
   * @param functions handles of its functions
   * @param grids a grid for each, where it is the same at every launch
   */
  LoadedCode(
      CudaContext context, Consumer<Work> count, long module, long[] functions, Grid... grids) {
    this.context = context;
    this.count = count;
    this.module = module;
    this.functions = functions;
    this.grids = grids;
  }

  @Override
  public void launch(int kernel, long[] buffers) {
    launch(kernel, grids[kernel], buffers);
  }

  /** Launches a function on another grid. */
  void launch(int kernel, Grid grid, long... arguments) {
    if (grid.blocks() == 0) {
      return; // nothing has elements
    }
    context.launch(functions[kernel], grid, arguments);
    count.accept(Work.kernel());
  }

  @Override
  public void close() {
    if (module != 0) {
      context.unload(module);
    }
  }
}

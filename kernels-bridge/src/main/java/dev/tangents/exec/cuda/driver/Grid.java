package dev.tangents.exec.cuda.driver;

/**
 * How a kernel is launched.
 *
 * @param blocks of the grid
 * @param threads of a block
 * @param sharedBytes shared memory of a block beside what its source declares
 */
public record Grid(int blocks, int threads, int sharedBytes) {
  /** One without more shared memory. */
  public Grid(int blocks, int threads) {
    this(blocks, threads, 0);
  }
}

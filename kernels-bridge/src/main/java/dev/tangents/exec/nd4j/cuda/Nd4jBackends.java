package dev.tangents.exec.nd4j.cuda;

import dev.tangents.error.TangentsException;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Which of the backends on the class path ND4J loads. Left to itself it takes the one for GPUs
 * wherever there is a GPU, and where that fails to load, the one for CPUs without a word. It loads
 * one in the life of a process, the first time that it is used.
 */
public enum Nd4jBackends {
  /** The backend for the CPU. */
  CPU("org.nd4j.linalg.cpu.nativecpu.CpuBackend"),
  /** The backend for a GPU, by CUDA. */
  CUDA("org.nd4j.linalg.jcublas.JCublasBackend");

  private final String className;

  Nd4jBackends(String className) {
    this.className = className;
  }

  /** Shows ND4J this backend alone, from now on. */
  public void choose() {
    synchronized (Nd4jBackends.class) {
      ClassLoader present = ND4JClassLoading.getNd4jClassloader();
      ClassLoader all = present instanceof OneBackend chosen ? chosen.getParent() : present;
      ND4JClassLoading.setNd4jClassloader(new OneBackend(all, className));
    }
  }

  /** Chooses this backend unless one was chosen before: for those that can do with any. */
  public void chooseIfNoneIs() {
    synchronized (Nd4jBackends.class) {
      if (!(ND4JClassLoading.getNd4jClassloader() instanceof OneBackend)) {
        choose();
      }
    }
  }

  /**
   * Loads ND4J if it is not loaded, and checks that it has this backend.
   *
   * @throws TangentsException of category SETUP if it has another
   */
  public void requireLoaded() {
    String loaded = Nd4j.getBackend().getClass().getName();
    if (!loaded.equals(className)) {
      throw TangentsException.setup(
          "ND4J: this process has loaded %s, the engine needs %s, and a process loads one in its life. Start"
              + " another with one engine",
          loaded, className);
    }
  }
}

package dev.tangents.exec.cuda.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the emulated device cannot show: who does the steps of a loop on a real one. */
class CudaPrinterTest {
  private static String source(Kernel.Scale scale) {
    Body body = new Body();
    Expr.Var instance = body.counter(5);
    body.share(Ints.of(0), Ints.of(3), 3, (each, i) -> each.store(0, i, Reals.wide(1)));
    List<Kernel.Buffer> buffers = List.of(new Kernel.Buffer(Kind.WIDE, true));
    return CudaPrinter.source(new Kernel(scale, 5, instance, buffers, body.statements()));
  }

  @Test
  void threadsOfABlockShareALoopAndWaitForOneAnother() {
    String source = source(Kernel.Scale.BLOCK);
    assertTrue(source.contains(" = 0 + (int)threadIdx.x; "), source);
    assertTrue(source.contains("__syncthreads();"), source);
  }

  @Test
  void aThreadThatIsAnInstanceDoesAllStepsOfALoopItself() {
    String source = source(Kernel.Scale.THREAD);
    assertFalse(source.contains("__syncthreads"), source);
    assertEquals(2, source.split("threadIdx", -1).length, "its number alone: " + source);
  }
}

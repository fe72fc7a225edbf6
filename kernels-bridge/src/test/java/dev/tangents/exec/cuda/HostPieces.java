package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;
import dev.tangents.exec.cuda.code.Interpreter;
import java.nio.ByteBuffer;
import java.util.function.LongFunction;

/**
 * A packed factor on the emulated device: the pieces of the real one, without its change of places
 * within a row. BF16 is kept as such; TF32 whole, since whoever multiplies rounds it.
 *
 * @param memory gives the bytes at an address
 * @param address of the first piece
 * @param inner numbers of a row
 */
record HostPieces(LongFunction<ByteBuffer> memory, long address, int inner, Arithmetic arithmetic)
    implements Interpreter.Buffer {
  private int width() {
    return arithmetic == Arithmetic.BF16 ? 64 : 32;
  }

  private ByteBuffer at(int index) {
    int row = index / inner;
    int k = index % inner;
    long rows = Pieces.bytes((long) row / Pieces.ROWS * Pieces.ROWS, inner, arithmetic);
    long piece = rows + k / width() * Pieces.stride(arithmetic);
    int within = row % Pieces.ROWS * 128 + k % width() * (128 / width());
    return memory.apply(address + piece + within);
  }

  @Override
  public double get(int index) {
    return arithmetic == Arithmetic.BF16
        ? Float.intBitsToFloat(at(index).getShort() << 16)
        : at(index).getFloat();
  }

  @Override
  public void put(int index, double value) {
    if (arithmetic == Arithmetic.BF16) {
      float rounded = HostTile.rounded((float) value, 16);
      at(index).putShort((short) (Float.floatToRawIntBits(rounded) >>> 16));
    } else {
      at(index).putFloat((float) value);
    }
  }
}

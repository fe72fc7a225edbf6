package dev.tangents.exec.nd4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The reader of code for GPUs, on libraries made here. */
class FatBinariesTest {
  private static final int PTX = 1;
  private static final int MACHINE_CODE = 2;

  private final ByteBuffer library = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

  @Test
  void libraryWithoutCodeHasNone() throws IOException {
    other(3);
    assertEquals(Optional.empty(), read());
  }

  @Test
  void architecturesOfBothKindsAreFoundBetweenOtherBytes() throws IOException {
    other(2);
    header(2 * 64 + 40 + 24);
    entry(MACHINE_CODE, 80, 40);
    entry(PTX, 86, 24);
    other(1);
    assertEquals(CudaCode.of(List.of(80), List.of(86)), read().orElseThrow());
  }

  @Test
  void onlyWhatEveryBinaryHasCounts() throws IOException {
    header(2 * (64 + 8));
    entry(MACHINE_CODE, 70, 8);
    entry(MACHINE_CODE, 86, 8);
    other(5);
    header(2 * (64 + 16));
    entry(MACHINE_CODE, 86, 16);
    entry(MACHINE_CODE, 90, 16);
    assertEquals(CudaCode.of(List.of(86), List.of()), read().orElseThrow());
  }

  /** The header's words stand in the code of CUDA's own libraries, which look for them. */
  @Test
  void magicOfAnotherVersionIsNoBinary() throws IOException {
    library.putInt(0xBA55ED50).putInt(7);
    assertEquals(Optional.empty(), read());
  }

  @Test
  void entryBeyondItsBinaryIsAFault() {
    header(64);
    entry(MACHINE_CODE, 80, 8);
    IOException e = assertThrows(IOException.class, this::read);
    assertTrue(e.getMessage().contains("8 bytes of code, where 64 bytes are left"), e.getMessage());
  }

  @Test
  void brokenOffLibraryIsAFault() {
    header(64 + 64);
    entry(MACHINE_CODE, 80, 64);
    library.position(library.position() - 8);
    assertThrows(EOFException.class, this::read);
  }

  private Optional<CudaCode> read() throws IOException {
    return FatBinaries.read(new ByteArrayInputStream(library.array(), 0, library.position()));
  }

  private void other(int words) {
    for (int i = 0; i < words; i++) {
      library.putLong(0x5A5A_0000_0000_0000L + i);
    }
  }

  private void header(long bytes) {
    library.putInt(0xBA55ED50).putShort((short) 1).putShort((short) 16).putLong(bytes);
  }

  private void entry(int kind, int architecture, int bytes) {
    int start = library.position();
    library.putShort((short) kind).putShort((short) 0x101).putInt(64).putLong(bytes);
    library.position(start + 28);
    library.putInt(architecture);
    library.position(start + 64 + bytes);
  }
}

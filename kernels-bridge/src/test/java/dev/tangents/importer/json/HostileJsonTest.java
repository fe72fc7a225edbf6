package dev.tangents.importer.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.MemoryFile;
import dev.tangents.importer.Models;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged and malicious files: a message of category MODEL, or a model. */
class HostileJsonTest {
  private static final int MUTATIONS = 500;
  private static final String FILE =
      """
      {"format": "tangents-network", "version": 1, "input": {"name": "x", "shape": [3]},
       "parameters": {"W": {"npy": "W.npy"}, "b": {"shape": [2], "values": [1, -1]},
                      "V": {"shape": [2, 2], "values": [1, 2, 3, 4]}},
       "nodes": [{"name": "h", "op": "dense", "inputs": ["x", "W", "b"]},
                 {"name": "r", "op": "leaky-relu", "inputs": "h", "slope": 0.1},
                 {"name": "s", "op": "slice", "inputs": "V", "axis": 0, "start": 0, "end": 1},
                 {"name": "t", "op": "reshape", "inputs": "s", "shape": [2]},
                 {"name": "m", "op": "mul", "inputs": ["r", "t"]},
                 {"name": "c", "op": "concat", "inputs": ["m", "h"], "axis": -1},
                 {"name": "y", "op": "softmax", "inputs": "c", "axis": 0}],
       "output": "y"}
      """;

  @Test
  void randomMutationsGiveAMessageOrAModel() {
    byte[] json = FILE.getBytes(StandardCharsets.UTF_8);
    byte[] npy = NpyReaderTest.npy("<f4", true, "(3, 2)", 1, 2, 3, 4, 5, 6);
    Random random = new Random(9);
    int faults = 0;
    for (int i = 0; i < 2 * MUTATIONS; i++) {
      Map<String, byte[]> folder = new HashMap<>();
      folder.put("m.json", i % 2 == 0 ? mutate(json, random) : json);
      folder.put("W.npy", i % 2 == 1 ? mutate(npy, random) : npy);
      try {
        Models.load("m.json", path -> MemoryFile.in(folder, path));
      } catch (TangentsException e) {
        faults++;
        assertEquals(Category.MODEL, e.category(), e.getMessage());
      }
    }
    assertTrue(faults > MUTATIONS / 2, "only " + faults + " mutations were noticed");
  }

  @Test
  void valuesThatGrowWithEveryNodeAreStopped() {
    StringBuilder nodes = new StringBuilder("{'name':'n0','op':'identity','inputs':'x'}");
    for (int i = 1; i < 80; i++) {
      nodes.append(
          ",{'name':'n%d','op':'concat','inputs':['n%d','n%d'],'axis':0}"
              .formatted(i, i - 1, i - 1));
    }
    requireFault(
        "'input':{'shape':[3]},'nodes':[" + nodes + "]",
        "node 'n27': a value of shape [402653184] has more than 2^28 elements");
  }

  @Test
  void hugeProductsAreStopped() {
    requireFault(
        "'input':{'shape':[200000000]},'nodes':["
            + "{'name':'c','op':'reshape','inputs':'x','shape':[200000000,1]},"
            + "{'name':'y','op':'matmul','inputs':['c','c'],'transpose-right':true}]",
        "has more than 2^28 elements");
    requireFault(
        "'input':{'shape':[1]},'layers':[{'op':'reshape','shape':[16777216,16777216]}]",
        "expected extents of at least 1 and at most 2^28 elements");
    requireFault(
        "'input':{'shape':[1]},'parameters':{'W':{'shape':[268435456],'values':[1]}},'layers':[]",
        "parameter 'W': field 'values': shape [268435456] needs 268435456 numbers, got 1");
  }

  @Test
  void deepNestingIsStopped() {
    requireFault("'input':" + "[".repeat(100_000), "JSON: malformed");
  }

  private static void requireFault(String body, String message) {
    TangentsException e =
        assertThrows(
            TangentsException.class,
            () -> JsonImporterTest.load("{'format':'tangents-network','version':1," + body + "}"));
    assertEquals(Category.MODEL, e.category());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      boolean digit = random.nextBoolean();
      byte to = (byte) (digit ? '0' + random.nextInt(10) : random.nextInt(128));
      bytes[random.nextInt(bytes.length)] = to;
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }
}

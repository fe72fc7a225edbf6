package dev.tangents.importer.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.Evaluate;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.MemoryFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.Models;
import dev.tangents.ir.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonImporterTest {
  private static final String HEAD = "'format':'tangents-network','version':1,";
  private static final String X3 = HEAD + "'input':{'shape':[3]},";
  private static final String W = "'W':{'shape':[3,2],'values':[0.5,-0.3,0.8,0.6,-0.2,0.7]}";

  @Test
  void caseS0GivesItsPublishedPredictions() {
    Model model = Models.load("../data-samples/cases/s0-network.json", LocalFile::at);
    assertArrayEquals(new double[] {-0.975}, Evaluate.at(model, 1, 2, 3), 1e-12);
    assertArrayEquals(new double[] {-0.4875}, Evaluate.at(model, 0.5, 1, 1.5), 1e-12);
    assertArrayEquals(new double[] {-0.77}, Evaluate.at(model, 3, -2, 5), 1e-12);
    assertEquals(
        List.of("W", "a"), model.graph().parameters().stream().map(Node.Parameter::name).toList());
    assertEquals(8, model.parameterCount());
  }

  @Test
  void layersAreAChain() {
    String file =
        "{"
            + X3
            + "'parameters':{"
            + W
            + ",'b':{'shape':[2],'values':[1,-1]}},"
            + "'layers':[{'op':'dense','weight':'W','bias':'b'},{'op':'relu'},"
            + "{'op':'scale','by':0.5},{'op':'mul','with':'b'}]}";
    // z = [1.5 + 1, 3 - 1], relu, times 0.5, times b
    assertArrayEquals(new double[] {1.25, -1}, Evaluate.at(load(file), 1, 2, 3), 1e-12);
  }

  @Test
  void denseTakesPyTorchsOrderWithTranspose() {
    String file =
        "{"
            + X3
            + "'parameters':{'W':{'shape':[2,3],'values':[0.5,0.8,-0.2,-0.3,0.6,0.7]}},"
            + "'layers':[{'op':'dense','weight':'W','transpose':true}]}";
    assertArrayEquals(new double[] {1.5, 3}, Evaluate.at(load(file), 1, 2, 3), 1e-12);
  }

  @Test
  void nodesSayWeightNormalisation() throws Exception {
    String doc = Files.readString(Path.of("docs/model-json.md"));
    int start = doc.indexOf("\"nodes\": [");
    String nodes = doc.substring(start, doc.indexOf("```", start));
    String file =
        "{"
            + X3
            + "'parameters':{"
            + W.replace("'W'", "'v'")
            + ",'g':{'shape':[2],'values':[2,3]}},"
            + nodes
            + "}";
    double n0 = Math.sqrt(0.25 + 0.64 + 0.04);
    double n1 = Math.sqrt(0.09 + 0.36 + 0.49);
    assertArrayEquals(
        new double[] {2 * 1.5 / n0, 3 * 3.0 / n1}, Evaluate.at(load(file), 1, 2, 3), 1e-12);
  }

  @Test
  void nodesSayLowRankUpdatesAndTiedWeights() {
    String file =
        "{"
            + X3
            + "'constants':{"
            + W
            + "},'parameters':{'B':{'shape':[3,1],'values':[1,2,3]},"
            + "'A':{'shape':[1,2],'values':[1,-1]}},'nodes':["
            + "{'name':'BA','op':'matmul','inputs':['B','A']},"
            + "{'name':'V','op':'add','inputs':['W','BA']},"
            + "{'name':'h','op':'matmul','inputs':['x','V']},"
            + "{'name':'y','op':'matmul','inputs':['h','V'],'transpose-right':true}],'output':'y'}";
    Model model = load(file);
    assertEquals(5, model.parameterCount());
    double[] h = {1.5 + 14, 3 - 14};
    double[] expected = {
      h[0] * 1.5 + h[1] * -1.3, h[0] * 2.8 + h[1] * -1.4, h[0] * 2.8 + h[1] * -2.3
    };
    assertArrayEquals(expected, Evaluate.at(model, 1, 2, 3), 1e-12);
  }

  @Test
  void logitsAreTheValueBeforeTheLastActivation() {
    String file =
        "{"
            + X3
            + "'parameters':{"
            + W
            + "},"
            + "'layers':[{'op':'dense','weight':'W'},{'op':'softmax'}]}";
    double e = Math.exp(1.5 - 3);
    assertArrayEquals(
        new double[] {e / (1 + e), 1 / (1 + e)}, Evaluate.at(load(file), 1, 2, 3), 1e-12);
    Model logits =
        Models.load(
            "m.json",
            path -> MemoryFile.of("m.json", bytes(file)),
            ImportOptions.defaults().withOutput(ModelOutput.LOGITS));
    assertEquals("layer1 [2]", load(file).output().toString());
    assertEquals("layer0 [2]", logits.output().toString());
    assertArrayEquals(new double[] {1.5, 3}, Evaluate.at(logits, 1, 2, 3), 1e-12);
  }

  @Test
  void everyOpOfTheDocumentIsKnownAndTheReverse() throws IOException {
    String table = Files.readString(Path.of("docs/model-json.md"));
    table = table.substring(table.indexOf("## Operations"));
    TangentsException e =
        assertThrows(TangentsException.class, () -> load("{" + X3 + "'layers':[{'op':'conv'}]}"));
    String known = e.getMessage().replaceAll("(?s).*expected one of \\[(.*)\\]", "$1");
    List<String> ops = List.of(known.split(", ", -1));
    for (String op : ops) {
      assertTrue(table.contains("`" + op + "`"), op + " is not in the document");
    }
    assertTrue(ops.size() >= 40, known);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "slice|'axis':0,'start':1,'end':3|2;3",
        "neg||-1;-2;-3",
        "shift|'by':2|3;4;5",
        "power|'exponent':2|1;4;9",
        "leaky-relu|'slope':0.1|1;2;3",
        "elu|'alpha':2|1;2;3",
        "cube||1;8;27",
      })
  void opWithAttributes(String op, String attributes, String expected) {
    String more = attributes == null ? "" : "," + attributes;
    String file = "{" + X3 + "'layers':[{'op':'" + op + "'" + more + "}]}";
    double[] y =
        List.of(expected.split(";", -1)).stream().mapToDouble(Double::parseDouble).toArray();
    assertArrayEquals(y, Evaluate.at(load(file), 1, 2, 3), 1e-12);
  }

  @Test
  void npyFilesLieBesideTheModel() {
    String file =
        "{" + X3 + "'parameters':{'W':{'npy':'W.npy'}},'layers':[{'op':'dense','weight':'W'}]}";
    Map<String, byte[]> folder = new HashMap<>();
    folder.put("m.json", bytes(file));
    folder.put("W.npy", NpyReaderTest.npy("<f8", false, "(3, 2)", 0.5, -0.3, 0.8, 0.6, -0.2, 0.7));
    Model model = Models.load("m.json", path -> MemoryFile.in(folder, path));
    assertArrayEquals(new double[] {1.5, 3}, Evaluate.at(model, 1, 2, 3), 1e-12);
    folder.put("W.npy", NpyReaderTest.npy("<f8", false, "(3, 2)", 0.5, -0.3, 0.8, 0.6, -0.2, 0.8));
    Model other = Models.load("m.json", path -> MemoryFile.in(folder, path));
    assertNotEquals(model.sha256(), other.sha256());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|format '', version 0; expected \"format\": \"tangents-network\", \"version\": 1",
        "{'format':'tangents-network','version':2}|version 2; expected",
        "{HEAD 'layers':[]}|input: field 'shape' is missing",
        "{HEAD 'input':{'shape':[0]},'layers':[]}|input: field 'shape': expected extents of at least 1",
        "{HEAD 'input':{'shape':[99999999999]},'layers':[]}|expected extents of at least 1 and at most 2^28",
        "{X3}|expected exactly one of the fields 'layers' and 'nodes'",
        "{X3 'layers':[],'nodes':[]}|expected exactly one of the fields",
        "{X3 'layers':[],'foo':1}|unknown field 'foo'; expected one of [constants, format, input",
        "{X3 'layers':[{'op':'conv'}]}|layer 'layer0': op 'conv': unknown op; expected one of [abs, acos",
        "{X3 'layers':[{'op':'relu','slope':1}]}|layer 'layer0': unknown field 'slope'; expected one of [name, op, with]",
        "{X3 'layers':[{'op':'scale'}]}|layer 'layer0': op 'scale': field 'by' is missing",
        "{X3 'layers':[{'op':'scale','by':'2'}]}|field 'by': expected a finite number, got \"2\"",
        "{X3 'layers':[{'op':'scale','by':1e999}]}|field 'by': expected a finite number",
        "{X3 'layers':[{'op':'add','with':'q'}]}|op 'add': no value 'q' before it; known are x",
        "{X3 'layers':[{'op':'add'}]}|op 'add': expected 2 operands, got 1",
        "{X3 'parameters':{'W':{'shape':[2],'values':[1]}},'layers':[]}|parameter 'W': field 'values': shape [2] needs 2 numbers, got 1",
        "{X3 'parameters':{'x':{'shape':[1],'values':[1]}},'layers':[]}|parameter 'x': the name 'x' is taken",
        "{X3 'parameters':{'b':{'shape':[1],'values':[1]}},'layers':[]}|parameters b are used by no node",
        "{X3 'parameters':{'W':{'npy':'../W.npy'}},'layers':[]}|parameter 'W': Model file: '../W.npy' is not a plain file name",
        "{X3 'parameters':{'W':{'npy':'W.npy'}},'layers':[]}|parameter 'W': Model file W.npy: cannot be read",
        "{X3 'layers':[{'op':'reshape','shape':[3,1]}]}|the output of one sample must be a real vector; got",
        "{X3 'layers':[{'op':'reshape','shape':[4]}]}|op 'reshape': Layer 'layer0': reshape: [3] has 3 elements, [4] has 4",
        "{X3 'nodes':[{'name':'y','op':'neg','inputs':'x'}],'output':'z'}|no value 'z' before it",
        "{X3 'nodes':[{'op':'neg','inputs':'x'}]}|node 0: field 'name' is missing",
        "{X3 'nodes':[{'name':'x','op':'neg','inputs':'x'}]}|node 'x': the name 'x' is taken",
        "{X3 'layers':3}|field 'layers': expected an array of at most 100000, got 3",
        "{'a':|JSON: malformed at line 1, column",
        "{X3 'layers':[]} 1|JSON: malformed",
      })
  void faultNamesThePart(String file, String message) {
    String full = file.replace("HEAD", HEAD).replace("X3", X3).replace(",}", "}");
    TangentsException e = assertThrows(TangentsException.class, () -> load(full));
    assertEquals(Category.MODEL, e.category());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  static Model load(String file) {
    return Models.load("m.json", path -> MemoryFile.of("m.json", bytes(file)));
  }

  static byte[] bytes(String file) {
    return file.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}

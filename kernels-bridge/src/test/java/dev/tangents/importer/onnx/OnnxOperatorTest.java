package dev.tangents.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.MemoryFile;
import dev.tangents.importer.onnx.schema.Onnx.ModelProto;
import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto;
import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.shape.Reshape;
import dev.tangents.testkit.Runs;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ONNX's own test cases of single operators, bundled by {@code onnx/operators.py}. Operand 0 comes
 * with the sample wherever the operator has a derivative; what has none is given as a constant.
 */
class OnnxOperatorTest {
  /** The expected outputs are floats. */
  private static final double TOLERANCE = 1e-5;

  /** Operators whose operands must be known while a file is read. */
  private static final Set<String> KNOWN =
      Set.of("Constant", "ConstantOfShape", "Equal", "Mod", "Range", "Trilu");

  /** What is refused, by a pattern of names, and with what words. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("test_batchnorm_.*training_mode", "it is in training mode"),
          Map.entry("test_training_dropout.*", "it is in training mode"),
          Map.entry("test_einsum_batch_diagonal", "expected letters for each, and no '...'"),
          Map.entry("test_gathernd_example_int32_batch_dim1", "batch_dims 1; expected"),
          Map.entry("test_reduce_log_sum_exp_empty_set", "axis 1 of REAL[2, 0, 4] is empty"),
          Map.entry("test_reduce_(max|min)_empty_set.*", "axis 1 of REAL[2, 0, 4] is empty"),
          Map.entry(
              "test_resize_.*antialias", "'antialias' and 'keep_aspect_ratio_policy' are not"),
          Map.entry("test_resize_.*_not_(larger|smaller)", "'keep_aspect_ratio_policy' are not"),
          Map.entry(
              "test_resize_.*_cubic(?!.*antialias).*", "attribute 'mode' is 'cubic'; expected"),
          Map.entry("test_resize_tf_crop.*", "'tf_crop_and_resize', which is not supported"));

  /** One case of the bundle. */
  record Case(String name, ModelProto model, List<TensorProto> inputs, List<TensorProto> outputs) {
    NodeProto node() {
      return model.getGraph().getNode(0);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (InputStream file = OnnxOperatorTest.class.getResourceAsStream("/onnx/operators.bin.gz")) {
      byte[] all = new GZIPInputStream(file).readAllBytes();
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(all));
      text(in);
      while (in.available() > 0) {
        cases.add(new Case(text(in), ModelProto.parseFrom(bytes(in)), tensors(in), tensors(in)));
      }
    }
    return cases.stream();
  }

  @Test
  void everyOperatorHasACase() throws IOException {
    Set<String> missing = new TreeSet<>(OpTable.names());
    cases().forEach(c -> missing.remove(c.node().getOpType()));
    // What needs a conversion of types or a sequence is in the networks; ONNX has none of Scaler.
    assertEquals(
        Set.of("Cast", "CastLike", "SequenceAt", "SplitToSequence", "ai.onnx.ml.Scaler"), missing);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void outputIsOnnxs(Case test) {
    String refusal = refusal(test);
    if (refusal != null) {
      TangentsException e = assertThrows(TangentsException.class, () -> evaluate(test));
      assertEquals(Category.MODEL, e.category());
      assertTrue(e.getMessage().contains(refusal), e.getMessage());
      return;
    }
    List<double[]> found = evaluate(test);
    assertTrue(!found.isEmpty());
    for (int i = 0; i < Math.min(found.size(), test.outputs().size()); i++) {
      double[] expected = read(test.outputs().get(i)).literal().toArray();
      assertEquals(expected.length, found.get(i).length);
      for (int k = 0; k < expected.length; k++) {
        double error = Math.abs(expected[k] - found.get(i)[k]);
        boolean same = Double.compare(expected[k], found.get(i)[k]) == 0;
        int at = k;
        assertTrue(
            same || error <= TOLERANCE * (1 + Math.abs(expected[k])),
            () -> test + " element " + at + ": expected " + expected[at]);
      }
    }
  }

  private static String refusal(Case test) {
    return REFUSED.entrySet().stream()
        .filter(entry -> test.name().matches(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private static List<double[]> evaluate(Case test) {
    GraphBuilder builder = new GraphBuilder();
    List<Optional<Tensor>> operands = new ArrayList<>();
    List<double[]> samples = new ArrayList<>();
    int next = 0;
    for (String name : test.node().getInputList()) {
      if (name.isEmpty()) {
        operands.add(Optional.empty());
        continue;
      }
      TensorReader.Numbers numbers = read(test.inputs().get(next));
      Value value = builder.constant(numbers.literal());
      if (samples.isEmpty()
          && numbers.kind() == Tensor.Kind.REAL
          && !KNOWN.contains(test.node().getOpType())) {
        samples.add(numbers.literal().toArray());
        Value x = builder.input("x", TensorType.real(value.shape().size()));
        value = Reshape.reshape(x, value.shape());
      }
      operands.add(Optional.of(new Tensor(value, numbers.kind())));
      next++;
    }
    OnnxFile file = new OnnxFile(test.model().getGraph(), opset(test), Map.of(), reader(), "");
    List<Tensor> all =
        OpTable.find(test.node().getOpType())
            .orElseThrow()
            .apply(new NodeCall(test.node(), operands, builder, file));
    List<Tensor> results =
        IntStream.range(0, all.size()).filter(i -> isGiven(test, i)).mapToObj(all::get).toList();
    Graph graph = builder.build(results.stream().map(Tensor::value).toList());
    for (int i = 0; i < Math.min(results.size(), test.outputs().size()); i++) {
      TensorProto expected = test.outputs().get(i);
      assertEquals(
          expected.getDimsList(), Arrays.stream(results.get(i).shape().dims()).boxed().toList());
      assertEquals(read(expected).kind(), results.get(i).kind());
    }
    return Runs.reference(graph, samples);
  }

  /** Whether the case has an expectation of result {@code index}, or the node never names it. */
  private static boolean isGiven(Case test, int index) {
    return index >= test.node().getOutputCount() || !test.node().getOutput(index).isEmpty();
  }

  private static int opset(Case test) {
    return (int) test.model().getOpsetImport(0).getVersion();
  }

  private static TensorReader reader() {
    return new TensorReader(MemoryFile.of("test", new byte[0]), 1 << 20, new byte[0]);
  }

  private static TensorReader.Numbers read(TensorProto tensor) {
    return reader().read(tensor);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }

  private static List<TensorProto> tensors(DataInputStream in) throws IOException {
    List<TensorProto> tensors = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      tensors.add(TensorProto.parseFrom(bytes(in)));
    }
    return tensors;
  }
}

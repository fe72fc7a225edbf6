package dev.tangents.importer.onnx;

import static dev.tangents.importer.onnx.OnnxModels.integer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.BatchAxes;
import dev.tangents.importer.Evaluate;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.MemoryFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.onnx.schema.Onnx.AttributeProto;
import dev.tangents.importer.onnx.schema.Onnx.AttributeProto.AttributeType;
import dev.tangents.importer.onnx.schema.Onnx.GraphProto;
import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.testkit.Runs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Recurrent layers: with all operands, in double, against ONNX's reference evaluator (onnx 1.23.2,
 * opset 22), and what is refused. Other cases are in {@link OnnxOperatorTest} and {@link
 * OnnxGoldenTest}.
 */
class RecurrentOpsTest {
  private static final int STEPS = 3;
  private static final int BATCH = 2;
  private static final int UNITS = 2;

  /** The numbers are rounded to ten digits. */
  private static final double TOLERANCE = 1e-9;

  /** A node with inputs, biases and states before the first step, of two features and two units. */
  private record Layer(String operator, int gates, int ways, boolean batchFirst) {
    List<Tensor> operands(GraphBuilder builder) {
      long rows = (long) gates * UNITS;
      Shape x = batchFirst ? Shape.of(BATCH, STEPS, 2) : Shape.of(STEPS, BATCH, 2);
      Shape state = batchFirst ? Shape.of(BATCH, ways, UNITS) : Shape.of(ways, BATCH, UNITS);
      return List.of(
          wave(builder, 1, x),
          wave(builder, 2, Shape.of(ways, rows, 2)),
          wave(builder, 3, Shape.of(ways, rows, UNITS)),
          wave(builder, 4, Shape.of(ways, 2 * rows)),
          wave(builder, 5, state),
          wave(builder, 6, state),
          wave(builder, 7, Shape.of(ways, 3 * UNITS)));
    }
  }

  /** sin(k), sin(k + 1) ... by 0.5, of two decimals. */
  private static Tensor wave(GraphBuilder builder, int k, Shape shape) {
    double[] numbers = new double[shape.intSize()];
    Arrays.setAll(numbers, i -> Math.rint(Math.sin(k + i) * 0.5 * 100) / 100);
    Literal literal = Literal.of(TensorType.real(shape), numbers);
    return new Tensor(builder.constant(literal), Tensor.Kind.REAL);
  }

  private static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  private static AttributeProto texts(String name, String... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.STRINGS);
    Arrays.stream(values).map(ByteString::copyFromUtf8).forEach(attribute::addStrings);
    return attribute.build();
  }

  /** Results in the node's order; lengths are left out, and states and peepholes of others. */
  private static void assertResults(
      Layer layer, List<AttributeProto> attributes, double[]... expected) {
    GraphBuilder builder = new GraphBuilder();
    List<Optional<Tensor>> operands = new ArrayList<>();
    layer.operands(builder).forEach(operand -> operands.add(Optional.of(operand)));
    operands.add(4, Optional.empty());
    int count = layer.operator().equals("LSTM") ? 8 : 6;
    NodeProto node = NodeProto.newBuilder().addAllAttribute(attributes).build();
    byte[] none = new byte[0];
    TensorReader reader = new TensorReader(MemoryFile.of("test", none), 1, none);
    OnnxFile file = new OnnxFile(GraphProto.getDefaultInstance(), 21, Map.of(), reader, "");
    List<Tensor> found =
        OpTable.find(layer.operator())
            .orElseThrow()
            .apply(new NodeCall(node, operands.subList(0, count), builder, file));
    List<double[]> numbers =
        Runs.reference(builder.build(found.stream().map(Tensor::value).toList()), List.of());
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], numbers.get(i), TOLERANCE, "result " + i);
    }
  }

  @Test
  void bidirectionalLstmWithPeepholes() {
    assertResults(
        new Layer("LSTM", 4, 2, false),
        List.of(text("direction", "bidirectional")),
        new double[] {
          -0.1277523567,
          -0.0391848307,
          0.02218860574,
          -0.08827164108,
          0.1496279313,
          0.08590147352,
          0.221555511,
          0.1103417894,
          -0.1991697937,
          -0.08008699518,
          -0.0597407803,
          -0.1861834628,
          0.2122408845,
          -0.04682542928,
          0.135093116,
          0.1090061318,
          -0.2161990524,
          -0.09652555207,
          -0.1538033173,
          -0.1079777877,
          0.05240805089,
          -0.07337862654,
          0.1888622709,
          0.003713950116
        },
        new double[] {
          -0.2161990524,
          -0.09652555207,
          -0.1538033173,
          -0.1079777877,
          0.1496279313,
          0.08590147352,
          0.221555511,
          0.1103417894
        },
        new double[] {
          -0.4520576009,
          -0.1442702271,
          -0.2917358605,
          -0.1791062312,
          0.4499771041,
          0.3103113525,
          0.5581561011,
          0.3310368592
        });
  }

  @Test
  void backwardLstmWithBatchFirst() {
    assertResults(
        new Layer("LSTM", 4, 1, true),
        List.of(text("direction", "reverse"), integer("layout", 1)),
        new double[] {
          -0.2046203556,
          -0.1532439803,
          -0.2144246619,
          -0.03357925165,
          -0.1650086186,
          0.0702370508,
          -0.1270964042,
          -0.191384208,
          -0.09599934484,
          -0.1266100213,
          0.02677927683,
          -0.0818299784
        },
        new double[] {-0.2046203556, -0.1532439803, -0.1270964042, -0.191384208},
        new double[] {-0.3753992391, -0.2138399064, -0.2215448019, -0.2672198644});
  }

  @Test
  void gruThatResetsBeforeTheProduct() {
    assertResults(
        new Layer("GRU", 3, 1, false),
        List.of(),
        new double[] {
          0.1957632671,
          0.2735877821,
          0.6304131162,
          0.5358574384,
          0.6348076038,
          0.5216873629,
          0.4586884132,
          0.6493565957,
          0.6635609914,
          0.5653993555,
          0.7011526074,
          0.6768269398
        },
        new double[] {0.6635609914, 0.5653993555, 0.7011526074, 0.6768269398});
  }

  @Test
  void gruThatResetsAfterTheProduct() {
    assertResults(
        new Layer("GRU", 3, 2, false),
        List.of(text("direction", "bidirectional"), integer("linear_before_reset", 1)),
        new double[] {
          0.05546943357,
          0.1841637946,
          0.5421256321,
          0.4704421186,
          0.3658754309,
          0.5655306663,
          0.4311175221,
          0.5877730699,
          0.5207118582,
          0.4026504991,
          0.3249798042,
          0.5783097384,
          0.4619287217,
          0.5979899203,
          0.2685850153,
          0.480150692,
          0.5449256339,
          0.4537870676,
          0.598601853,
          0.5773056568,
          0.4028648429,
          0.252040032,
          0.2500556465,
          0.2843989218
        },
        new double[] {
          0.5449256339,
          0.4537870676,
          0.598601853,
          0.5773056568,
          0.3658754309,
          0.5655306663,
          0.4311175221,
          0.5877730699
        });
  }

  @Test
  void backwardRnn() {
    assertResults(
        new Layer("RNN", 1, 1, false),
        List.of(text("direction", "reverse")),
        new double[] {
          -0.4200605649,
          -0.2316631173,
          -0.4479516007,
          0.1929700318,
          -0.680674439,
          0.2647851363,
          -0.3508873807,
          -0.1513879054,
          -0.4009664532,
          0.1486894612,
          -0.7291921303,
          -0.05733704323
        },
        new double[] {-0.4200605649, -0.2316631173, -0.4479516007, 0.1929700318});
  }

  @Test
  void bidirectionalRnnWithBatchFirst() {
    assertResults(
        new Layer("RNN", 1, 2, true),
        List.of(text("direction", "bidirectional"), integer("layout", 1)),
        new double[] {
          -0.2728125258,
          -0.2688279107,
          0.2631019841,
          0.02872847102,
          -0.4070266502,
          0.1726394432,
          -0.009567009426,
          -0.07572389021,
          -0.6857533659,
          0.2643721214,
          0.5298956075,
          -0.5494547996,
          -0.2164227474,
          -0.5179982279,
          0.210818476,
          -0.03637652071,
          -0.2568287836,
          0.07605551339,
          -0.1988743467,
          -0.1139667936,
          -0.6700198306,
          0.2749677786,
          -0.09610249206,
          -0.5537682664
        },
        new double[] {
          -0.6857533659,
          0.2643721214,
          0.2631019841,
          0.02872847102,
          -0.6700198306,
          0.2749677786,
          0.210818476,
          -0.03637652071
        });
  }

  /** Of batches first, of one feature and one unit, W 1, R 0.5 and B 0.25, 0. */
  private static OnnxModels accumulator(long steps, AttributeProto... attributes) {
    AttributeProto[] all = Arrays.copyOf(attributes, attributes.length + 1);
    all[attributes.length] = integer("layout", 1);
    return new OnnxModels()
        .input("x", -1, steps, 1)
        .weight("w", List.of(1L, 1L, 1L), 1)
        .weight("r", List.of(1L, 1L, 1L), 0.5)
        .weight("b", List.of(1L, 2L), 0.25, 0)
        .node("RNN", "x,w,r,b", "y", all)
        .output("y");
  }

  /** h = max(0, x + h / 2 + 1 / 4) by hand. */
  @Test
  void activationIsTheOneNamed() {
    Model model = accumulator(3, texts("activations", "Relu")).load();
    assertArrayEquals(new double[] {1.25, 0, 2.25}, Evaluate.at(model, 1, -2, 2), 0);
    assertArrayEquals(new double[] {Math.tanh(1.25)}, Evaluate.at(accumulator(1).load(), 1), 1e-15);
  }

  /** As a module of PyTorch that is not batch first writes it. */
  @Test
  void batchIsTheSecondAxisOfTheInputAndTheThirdOfTheOutput() {
    OnnxModels model =
        new OnnxModels()
            .input("x", 3, -1, 1)
            .weight("w", List.of(1L, 1L, 1L), 1)
            .weight("r", List.of(1L, 1L, 1L), 0.5)
            .node("RNN", "x,w,r", "y", texts("activations", "Relu"))
            .output("y");
    ImportOptions options = ImportOptions.defaults().withBatchAxes(BatchAxes.parse("x=1,y=2"));
    double[] y = Evaluate.at(model.load(options), 1, -2, 2);
    assertArrayEquals(new double[] {1, 0, 2}, y, 0);
  }

  @Test
  void weightsAndStatesAreParametersUnlessTheStateIsZero() {
    Model model =
        new OnnxModels()
            .input("x", 1, 3, 1)
            .weight("w", List.of(1L, 8L, 1L), tenths(8))
            .weight("r", List.of(1L, 8L, 2L), tenths(16))
            .weight("b", List.of(1L, 16L), tenths(16))
            .weight("zeros", List.of(1L, 1L, 2L), 0, 0)
            .weight("learned", List.of(1L, 1L, 2L), tenths(2))
            .weight("peepholes", List.of(1L, 6L), tenths(6))
            .integers("lengths", 3)
            .node("LSTM", "x,w,r,b,lengths,zeros,learned,peepholes", "y", integer("layout", 1))
            .output("y")
            .load();
    assertEquals(
        List.of("w", "r", "b", "learned", "peepholes"),
        model.graph().parameters().stream().map(Node.Parameter::name).toList());
    assertEquals(6, Evaluate.at(model, 1, 2, 3).length);
  }

  private static double[] tenths(int count) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> (i + 1) / 10.0);
    return numbers;
  }

  private static void assertRefused(String expected, OnnxModels model) {
    TangentsException e = assertThrows(TangentsException.class, model::load);
    assertEquals(Category.MODEL, e.category());
    assertEquals(
        "model 'm.onnx': 1 nodes cannot be read:\n  node 'n0' (RNN): " + expected, e.getMessage());
  }

  @Test
  void attributeThatIsNotSupportedIsNamed() {
    AttributeProto clip =
        AttributeProto.newBuilder().setName("clip").setType(AttributeType.FLOAT).setF(3).build();
    assertRefused("attribute 'clip' is not supported; expected none", accumulator(3, clip));
    assertRefused(
        "attribute 'input_forget' couples the gates, which is not supported; expected 0",
        accumulator(3, integer("input_forget", 1)));
    assertRefused(
        "attribute 'direction' is 'sideways'; expected 'forward', 'reverse' or 'bidirectional'",
        accumulator(3, text("direction", "sideways")));
    assertRefused(
        "attribute 'activations' names 'Affine'; expected Relu, Sigmoid, Softplus, Softsign or Tanh",
        accumulator(3, texts("activations", "Affine")));
    assertRefused(
        "attribute 'activations' has 2 names; expected 1",
        accumulator(3, texts("activations", "Tanh", "Tanh")));
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    assertRefused(
        "hidden_size 2, R of 1 units, 3 steps; expected equal sizes, and at least 1 of each",
        accumulator(3, integer("hidden_size", 2)));
    assertRefused(
        "W: expected shape [2, 1, 1], got [1, 1, 1]",
        accumulator(3, text("direction", "bidirectional")));
  }

  @Test
  void shorterSequencesAreRefused() {
    OnnxModels model =
        new OnnxModels()
            .input("x", 1, 4, 1)
            .weight("w", List.of(1L, 1L, 1L), 1)
            .weight("r", List.of(1L, 1L, 1L), 0.5)
            .integers("lengths", 3)
            .node("RNN", "x,w,r,,lengths", "y", integer("layout", 1))
            .output("y");
    assertRefused(
        "sequence_lens: 3 of 4 steps; sequences are supported at their full length alone", model);
  }

  @Test
  void sequenceThatMakesTooLargeAGraphIsRefused() {
    TangentsException e =
        assertThrows(TangentsException.class, () -> accumulator(1_000_000).load());
    assertEquals(Category.MODEL, e.category());
    assertEquals(
        "model 'm.onnx': 1 nodes cannot be read:\n  node 'n0' (RNN): 1000000 steps make a graph of about"
            + " 25000006 nodes; expected at most 50000. Export the model for shorter sequences",
        e.getMessage());
  }
}

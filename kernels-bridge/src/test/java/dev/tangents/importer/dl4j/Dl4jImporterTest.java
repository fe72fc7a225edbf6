package dev.tangents.importer.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.importer.Evaluate;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.LocalFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.Models;
import dev.tangents.ir.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class Dl4jImporterTest {
  private static final int ROWS = 5;

  @TempDir Path folder;

  static Stream<IActivation> activations() {
    return Stream.concat(
        Stream.of(
                Activation.IDENTITY,
                Activation.RELU,
                Activation.LEAKYRELU,
                Activation.ELU,
                Activation.SELU,
                Activation.SOFTPLUS,
                Activation.SIGMOID,
                Activation.TANH,
                Activation.SOFTMAX,
                Activation.SWISH,
                Activation.GELU,
                Activation.CUBE)
            .map(Activation::getActivationFunction),
        Stream.of(new ActivationGELU(true), new ActivationELU(0.7), new ActivationLReLU(0.3)));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void outputIsDeeplearning4jsForEachActivation(IActivation activation) throws Exception {
    for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
      MultiLayerNetwork network =
          Networks.random(
              type,
              new DenseLayer.Builder().nIn(6).nOut(7).activation(activation).build(),
              new ActivationLayer.Builder().activation(activation).build(),
              output(7, 3, Activation.IDENTITY));
      requireSameOutput(network, type);
    }
  }

  @Test
  void widthsAndMissingBiasesAreKept() throws Exception {
    for (int width : new int[] {1, 2, 33}) {
      MultiLayerNetwork network =
          Networks.random(
              DataType.DOUBLE,
              new DenseLayer.Builder()
                  .nIn(width)
                  .nOut(4)
                  .hasBias(false)
                  .activation(Activation.TANH)
                  .build(),
              new DenseLayer.Builder().nIn(4).nOut(width).activation(Activation.RELU).build(),
              output(width, 1, Activation.SIGMOID));
      Model model = requireSameOutput(network, DataType.DOUBLE);
      assertEquals(network.numParams(), model.parameterCount());
      assertEquals(width, model.inputWidth());
    }
  }

  @Test
  void batchNormalisationAndDropoutRunInInferenceMode() throws Exception {
    MultiLayerNetwork network =
        Networks.random(
            DataType.DOUBLE,
            new DropoutLayer.Builder(0.5).build(),
            new DenseLayer.Builder()
                .nIn(5)
                .nOut(6)
                .dropOut(0.7)
                .activation(Activation.TANH)
                .build(),
            new BatchNormalization.Builder().nIn(6).nOut(6).useLogStd(true).build(),
            new BatchNormalization.Builder().nIn(6).nOut(6).useLogStd(false).eps(1e-2).build(),
            new BatchNormalization.Builder()
                .nIn(6)
                .nOut(6)
                .useLogStd(false)
                .lockGammaBeta(true)
                .gamma(1.5)
                .beta(-0.25)
                .build(),
            output(6, 4, Activation.SOFTMAX));
    Model model = requireSameOutput(network, DataType.DOUBLE);
    assertEquals(network.numParams() - 3 * 2 * 6, model.parameterCount());
    assertEquals(
        List.of("1_W", "1_b", "2_gamma", "2_beta", "3_gamma", "3_beta", "5_W", "5_b"),
        names(model));
  }

  @Test
  void lossLayerIsItsActivation() throws Exception {
    MultiLayerNetwork network =
        Networks.random(
            DataType.DOUBLE,
            new DenseLayer.Builder().nIn(5).nOut(4).activation(Activation.IDENTITY).build(),
            new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build());
    requireSameOutput(network, DataType.DOUBLE);
  }

  @Test
  void parametersHaveTheNamesShapesAndNumbersOfParamTable() throws Exception {
    MultiLayerNetwork network =
        Networks.random(
            DataType.DOUBLE,
            new DenseLayer.Builder().nIn(3).nOut(5).activation(Activation.RELU).build(),
            output(5, 2, Activation.SOFTMAX));
    Model model = load(network, ModelOutput.OUTPUT);
    assertEquals(List.of("0_W", "0_b", "1_W", "1_b"), names(model));
    for (Node.Parameter parameter : model.graph().parameters()) {
      INDArray theirs = network.getParam(parameter.name());
      double[] ours = model.weights().get(parameter.name()).toArray();
      assertEquals(theirs.length(), ours.length, parameter.name());
      for (int i = 0; i < ours.length; i++) {
        int columns = (int) theirs.size(-1);
        double expected =
            theirs.rank() == 1 ? theirs.getDouble(i) : theirs.getDouble(i / columns, i % columns);
        assertEquals(expected, ours[i], parameter.name() + " element " + i);
      }
    }
  }

  @Test
  void logitsStopBeforeTheLastActivation() throws Exception {
    MultiLayerNetwork network =
        Networks.random(
            DataType.DOUBLE,
            new DenseLayer.Builder().nIn(3).nOut(5).activation(Activation.RELU).build(),
            output(5, 4, Activation.SOFTMAX));
    Model output = load(network, ModelOutput.OUTPUT);
    Model logits = load(network, ModelOutput.LOGITS);
    double[] p = Evaluate.at(output, 0.1, 0.2, 0.3);
    double[] z = Evaluate.at(logits, 0.1, 0.2, 0.3);
    for (int o = 1; o < 4; o++) {
      assertEquals(Math.log(p[o] / p[0]), z[o] - z[0], 1e-12);
    }
    assertEquals(output.sha256(), logits.sha256());
  }

  @Test
  void verifierAgreesAndSeesAWrongNumber() throws Exception {
    MultiLayerNetwork network =
        Networks.random(
            DataType.DOUBLE,
            new DenseLayer.Builder().nIn(3).nOut(5).activation(Activation.RELU).build(),
            new BatchNormalization.Builder().nIn(5).nOut(5).useLogStd(true).build(),
            output(5, 4, Activation.SOFTMAX));
    double[][] rows = {{0.1, 0.2, 0.3}, {-1, 2, 0.5}};
    for (ModelOutput wanted : List.of(ModelOutput.OUTPUT, ModelOutput.LOGITS)) {
      Model model = load(network, wanted);
      double[][] outputs = {Evaluate.at(model, rows[0]), Evaluate.at(model, rows[1])};
      ImportOptions options = ImportOptions.defaults().withOutput(wanted);
      LocalFile file = new LocalFile(folder.resolve("network.zip"));
      Dl4jVerifier verifier = Dl4jVerifier.of(file, options);
      assertTrue(verifier.maxRelativeDifference(rows, outputs) < 1e-12, wanted.label());
      outputs[1][2] += 1e-3;
      assertTrue(verifier.maxRelativeDifference(rows, outputs) > 1e-5, wanted.label());
    }
  }

  @Test
  void modelIsDescribed() throws Exception {
    Model model =
        load(Networks.random(DataType.FLOAT, output(3, 2, Activation.SOFTMAX)), ModelOutput.OUTPUT);
    assertTrue(model.description().startsWith("Deeplearning4j network "), model.description());
    assertFalse(model.sha256().isBlank());
  }

  private Model requireSameOutput(MultiLayerNetwork network, DataType type) throws Exception {
    Model model = load(network, ModelOutput.OUTPUT);
    INDArray x = Nd4j.randn(type, ROWS, model.inputWidth());
    double[][] expected = network.output(x).toDoubleMatrix();
    double[][] rows = x.toDoubleMatrix();
    double largest = network.output(x).amaxNumber().doubleValue();
    double tolerance = (type == DataType.DOUBLE ? 1e-10 : 1e-5) * largest;
    for (int n = 0; n < ROWS; n++) {
      double[] ours = Evaluate.at(model, rows[n]);
      for (int o = 0; o < ours.length; o++) {
        assertEquals(expected[n][o], ours[o], tolerance, type + " row " + n + " output " + o);
      }
    }
    return model;
  }

  private Model load(MultiLayerNetwork network, ModelOutput output) throws Exception {
    Path file = Networks.save(network, folder);
    return Models.load(file.toString(), LocalFile::at, ImportOptions.defaults().withOutput(output));
  }

  private static List<String> names(Model model) {
    return model.graph().parameters().stream().map(Node.Parameter::name).toList();
  }

  private static Layer output(int in, int out, Activation activation) {
    LossFunction loss =
        activation == Activation.SOFTMAX
            ? LossFunction.MCXENT
            : activation == Activation.SIGMOID ? LossFunction.XENT : LossFunction.MSE;
    return new OutputLayer.Builder(loss).nIn(in).nOut(out).activation(activation).build();
  }
}

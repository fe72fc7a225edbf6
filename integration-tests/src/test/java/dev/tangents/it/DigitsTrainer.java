package dev.tangents.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Trains {@code data-samples/digits-mlp.zip} and writes the accuracies beside it. Not part of the
 * build; the command is in {@code data-samples/README.md}.
 */
@EnabledIfSystemProperty(named = "tangents.train", matches = ".+")
class DigitsTrainer {
  private static final int PIXELS = 64;
  private static final int CLASSES = 10;
  private static final int TEST_EVERY = 5;
  private static final int BATCH = 64;
  private static final int EPOCHS = 40;
  private static final long SEED = 20240607;
  private static final double LEAST_ACCURACY = 0.95;

  @Test
  void trainsToTheAccuracyThatTheSamplesPromise() throws Exception {
    Path folder = Path.of(System.getProperty("tangents.train"));
    DataSet all = read(folder.resolve("digits.parquet"));
    DataSet train = rows(all, false);
    DataSet test = rows(all, true);

    MultiLayerNetwork network = network();
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      train.shuffle(SEED + epoch);
      for (DataSet batch : train.batchBy(BATCH)) {
        network.fit(batch);
      }
    }

    double accuracy = accuracy(network, test);
    assertTrue(accuracy >= LEAST_ACCURACY, () -> "test accuracy " + accuracy);
    ModelSerializer.writeModel(network, folder.resolve("digits-mlp.zip").toFile(), false);
    Files.writeString(
        folder.resolve("digits-mlp.json"),
        String.format(
            Locale.ROOT,
            "{\"epochs\": %d, \"seed\": %d, \"train_rows\": %d, \"train_accuracy\": %.4f,"
                + " \"test_rows\": %d, \"test_accuracy\": %.4f}%n",
            EPOCHS,
            SEED,
            train.numExamples(),
            accuracy(network, train),
            test.numExamples(),
            accuracy));
  }

  private static MultiLayerNetwork network() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .dataType(DataType.FLOAT)
                .weightInit(WeightInit.RELU)
                .updater(new Adam(1e-3))
                .l2(1e-4)
                .list()
                .layer(
                    new DenseLayer.Builder()
                        .nIn(PIXELS)
                        .nOut(128)
                        .activation(Activation.RELU)
                        .build())
                .layer(
                    new DenseLayer.Builder().nIn(128).nOut(64).activation(Activation.RELU).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(64)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
    network.init();
    return network;
  }

  private static DataSet read(Path file) throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      List<Row> rows = spark.read().parquet(file.toString()).orderBy("id").collectAsList();
      INDArray features = Nd4j.create(DataType.FLOAT, rows.size(), PIXELS);
      INDArray labels = Nd4j.create(DataType.FLOAT, rows.size(), CLASSES);
      for (int n = 0; n < rows.size(); n++) {
        List<Float> pixels = rows.get(n).getList(rows.get(n).fieldIndex("features"));
        for (int d = 0; d < PIXELS; d++) {
          features.putScalar(n, d, pixels.get(d));
        }
        labels.putScalar(n, rows.get(n).<Integer>getAs("label"), 1);
      }
      return new DataSet(features, labels);
    }
  }

  /** The fixed split: every fifth row, those with id mod 5 = 4, is for the test. */
  private static DataSet rows(DataSet all, boolean test) {
    int[] rows =
        IntStream.range(0, all.numExamples())
            .filter(row -> (row % TEST_EVERY == TEST_EVERY - 1) == test)
            .toArray();
    return new DataSet(all.getFeatures().getRows(rows), all.getLabels().getRows(rows));
  }

  private static double accuracy(MultiLayerNetwork network, DataSet set) {
    INDArray guesses = network.output(set.getFeatures()).argMax(1);
    INDArray truth = set.getLabels().argMax(1);
    int right = 0;
    for (int n = 0; n < set.numExamples(); n++) {
      right += guesses.getLong(n) == truth.getLong(n) ? 1 : 0;
    }
    return (double) right / set.numExamples();
  }
}

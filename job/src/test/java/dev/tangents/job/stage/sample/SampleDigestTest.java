package dev.tangents.job.stage.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.HostTensor;
import dev.tangents.exec.Precision;
import dev.tangents.ir.Shape;
import dev.tangents.job.io.input.Sample;
import dev.tangents.job.io.parquet.Scalar;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes that are digested are those of every kernel that was ever written. */
class SampleDigestTest {
  private static final double[][] FEATURES = {
    {0.1, -0.0, 1e30}, {Double.MIN_VALUE, 7, Double.NaN}, {-1.0 / 3, 1e-40, Math.PI}
  };
  private static final Scalar[] IDS = {Scalar.of(-7), Scalar.of("ä"), Scalar.NONE};

  @ParameterizedTest
  @EnumSource(Precision.class)
  void idsAndNumbersInTheirOrderFromSamplesAndFromAPanel(Precision precision)
      throws IOException, NoSuchAlgorithmException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    SampleDigest ofSamples = new SampleDigest(precision);
    SampleDigest ofPanel = new SampleDigest(precision);
    HostTensor panel = panel(precision);
    for (int n = 0; n < FEATURES.length; n++) {
      out.write(IDS[n].toString().getBytes(StandardCharsets.UTF_8));
      out.writeByte(0);
      write(out, precision, FEATURES[n]);
      ofSamples.add(Sample.good("f", n, IDS[n], Scalar.NONE, FEATURES[n].clone(), new double[0][]));
      ofPanel.add(IDS[n], panel, n);
    }
    assertEquals(sha256(bytes), ofSamples.hex());
    assertEquals(sha256(bytes), ofPanel.hex());
  }

  @Test
  void furtherVectorsOfOtherLengthsFollow() throws IOException, NoSuchAlgorithmException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    double[][] vectors = {{0.3}, {1, 2, 3, 4, 5, 6, 7}, {}};
    out.writeByte(0);
    write(out, Precision.FLOAT, FEATURES[0]);
    for (double[] vector : vectors) {
      write(out, Precision.FLOAT, vector);
    }
    SampleDigest digest = new SampleDigest(Precision.FLOAT);
    digest.add(Sample.good("f", 0, Scalar.NONE, Scalar.NONE, FEATURES[0], vectors));
    assertEquals(sha256(bytes), digest.hex());
  }

  private static HostTensor panel(Precision precision) {
    Shape shape = Shape.of(FEATURES.length, FEATURES[0].length);
    HostTensor panel = HostTensor.zeros(shape, precision);
    int at = 0;
    for (double[] sample : FEATURES) {
      for (double number : sample) {
        if (precision == Precision.FLOAT) {
          panel.floats()[at++] = (float) number;
        } else {
          panel.doubles()[at++] = number;
        }
      }
    }
    return panel;
  }

  private static void write(DataOutputStream out, Precision precision, double... numbers)
      throws IOException {
    for (double number : numbers) {
      if (precision == Precision.FLOAT) {
        out.writeFloat((float) number);
      } else {
        out.writeDouble(number);
      }
    }
  }

  private static String sha256(ByteArrayOutputStream bytes) throws NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
  }
}

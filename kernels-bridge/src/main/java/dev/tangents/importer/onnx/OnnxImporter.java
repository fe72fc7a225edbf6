package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelImporter;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.ModelSource;
import java.util.Locale;
import java.util.function.Function;

/**
 * Reads a network in ONNX. Each of its inputs and its output, which the options name if there are
 * several, has a batch axis, the first unless the options say otherwise, open or fixed at 1; a
 * sample is the rest of each input, row-major, real inputs first. Parameters are the float
 * initializers that the file declares so, or else those in the position of a weight, bias, scale or
 * shift ({@link ParameterFinder}), under their ONNX names. What an exporter visibly did to them is
 * said in the description. The hash is over the file and, after it, the data files beside it in the
 * order in which they are named.
 */
public final class OnnxImporter implements ModelImporter {
  /** Stateless. */
  public OnnxImporter() {}

  @Override
  public boolean accepts(String spec) {
    return spec.toLowerCase(Locale.ROOT).endsWith(".onnx");
  }

  @Override
  public String form() {
    return "FILE.onnx  (opsets 11 to 21, kernels-bridge/docs/export-from-pytorch.md)";
  }

  @Override
  public boolean namesBatchAxes() {
    return true;
  }

  @Override
  public boolean namesOutputs() {
    return true;
  }

  @Override
  public boolean namesTrained() {
    return true;
  }

  @Override
  public Model load(String spec, Function<String, ModelSource> open, ImportOptions options) {
    ModelSource source = open.apply(spec);
    try {
      OnnxFile whole = OnnxFile.read(source, options.maxBytes());
      ModelOutput output = ChosenOutput.resolved(whole, options.output());
      OnnxFile file = ChosenOutput.only(whole, output);
      ImportOptions resolved = options.withOutput(output);
      GraphReader.Network network = new GraphReader(file, resolved, 1).read();
      if (network.batchIsSymbolic()) {
        BatchCheck.require(network, atTwo(file, resolved));
      }
      StringBuilder description =
          new StringBuilder("ONNX network " + spec + ", opset " + file.opset());
      if (!file.producer().isEmpty()) {
        description.append(", ").append(file.producer());
      }
      ExportNotes.of(network.weights(), network.made(), network.doubtful())
          .forEach(n -> description.append("; note: ").append(n));
      return new Model(
          network.graph(),
          network.weights(),
          network.inputs(),
          network.output(),
          description.toString(),
          file.reader().sha256());
    } catch (TangentsException e) {
      throw e.within("model '" + source.name() + "'");
    }
  }

  private static GraphReader.Network atTwo(OnnxFile file, ImportOptions options) {
    try {
      return new GraphReader(file, options, 2).read();
    } catch (TangentsException e) {
      throw e.within(
          "the network can be read at a batch of 1 but not of 2, so its samples are not apart");
    }
  }
}

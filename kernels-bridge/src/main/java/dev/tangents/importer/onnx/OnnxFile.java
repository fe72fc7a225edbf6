package dev.tangents.importer.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.Text;
import dev.tangents.importer.onnx.schema.Onnx.GraphProto;
import dev.tangents.importer.onnx.schema.Onnx.ModelProto;
import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.importer.onnx.schema.Onnx.OperatorSetIdProto;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto;
import dev.tangents.importer.onnx.schema.Onnx.ValueInfoProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A parsed model file: its graph, its opset, the numbers of its initializers.
 *
 * @param graph nodes, inputs and outputs
 * @param opset version of the standard operator set
 * @param tensors numbers of the initializers by name, in the file's order
 * @param reader reads further tensors, of attributes
 * @param producer who wrote the file, for the model's description
 */
record OnnxFile(
    GraphProto graph,
    int opset,
    Map<String, TensorReader.Numbers> tensors,
    TensorReader reader,
    String producer) {
  private static final int OLDEST = 11;
  private static final int NEWEST = 21;

  /**
   * Parses a file.
   *
   * @throws TangentsException of category MODEL if it is damaged, too large, or of another opset
   */
  static OnnxFile read(ModelSource source, long maxBytes) {
    byte[] bytes = source.bytes(maxBytes);
    ModelProto model = parse(bytes);
    if (!model.hasGraph()) {
      throw TangentsException.model("the file has no graph; expected an ONNX model");
    }
    TensorReader reader = new TensorReader(source, maxBytes, bytes);
    Map<String, TensorReader.Numbers> tensors = new LinkedHashMap<>();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      if (tensors.put(tensor.getName(), reader.read(tensor)) != null) {
        throw TangentsException.model(
            "two initializers are named '%s'; names must differ", Text.shown(tensor.getName()));
      }
    }
    if (model.getGraph().getSparseInitializerCount() > 0) {
      throw TangentsException.model("sparse initializers are not supported; export dense ones");
    }
    GraphProto graph = unmerged(model.getGraph(), tensors);
    String producer = (model.getProducerName() + " " + model.getProducerVersion()).strip();
    return new OnnxFile(graph, opset(model), tensors, reader, Text.shown(producer));
  }

  /** The inputs that no initializer gives a value: what a sample must bring. */
  List<ValueInfoProto> inputs() {
    return graph.getInputList().stream()
        .filter(input -> !tensors.containsKey(input.getName()))
        .toList();
  }

  /**
   * The graph without the nodes that give an initializer a second name, which becomes an
   * initializer of its own. PyTorch's exporter keeps one of several weights of equal bytes and puts
   * {@code Identity} nodes for the others, so in an untrained network the batch norms' scales would
   * be one parameter. Weights that are truly tied are one name in the file, or are tied by name.
   */
  private static GraphProto unmerged(
      GraphProto graph, Map<String, TensorReader.Numbers> initializers) {
    Set<String> results =
        graph.getOutputList().stream()
            .map(ValueInfoProto::getName)
            .collect(Collectors.toUnmodifiableSet());
    List<NodeProto> kept = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      boolean names =
          node.getOpType().equals("Identity")
              && node.getInputCount() == 1
              && node.getOutputCount() == 1
              && initializers.containsKey(node.getInput(0))
              && !node.getOutput(0).contains("_output_")
              && !results.contains(node.getOutput(0));
      if (!names
          || initializers.putIfAbsent(node.getOutput(0), initializers.get(node.getInput(0)))
              != null) {
        kept.add(node);
      }
    }
    return kept.size() == graph.getNodeCount()
        ? graph
        : graph.toBuilder().clearNode().addAllNode(kept).build();
  }

  private static ModelProto parse(byte[] bytes) {
    try {
      // The parts share the array: weights are not copied.
      CodedInputStream stream = CodedInputStream.newInstance(bytes);
      stream.enableAliasing(true);
      return ModelProto.parseFrom(stream);
    } catch (InvalidProtocolBufferException e) {
      throw TangentsException.model(
              "the file is no ONNX model, or is damaged: %s",
              Text.shown(String.valueOf(e.getMessage())))
          .causedBy(e);
    } catch (IOException e) {
      throw TangentsException.internal("ONNX: cannot read from memory").causedBy(e);
    }
  }

  private static int opset(ModelProto model) {
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
        if (set.getVersion() < OLDEST || set.getVersion() > NEWEST) {
          throw TangentsException.model(
              "opset %d; expected %d to %d. Export with opset_version=18",
              set.getVersion(), OLDEST, NEWEST);
        }
        return (int) set.getVersion();
      }
    }
    throw TangentsException.model("the file names no version of the standard operator set");
  }
}

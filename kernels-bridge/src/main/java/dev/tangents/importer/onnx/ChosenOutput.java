package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelOutput;
import dev.tangents.importer.Text;
import dev.tangents.importer.onnx.schema.Onnx.GraphProto;
import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.importer.onnx.schema.Onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file as the value that the user names sees it: that is its one output, and nothing is left that
 * the value does not depend on, neither nodes, which need not be supported then, nor inputs.
 */
final class ChosenOutput {
  private ChosenOutput() {}

  /**
   * What the user means. In a file of several outputs {@code output} and {@code logits} are names
   * as others are, for there is no one output that they could be about.
   *
   * @throws TangentsException of category MODEL if there is not one output and none is named
   */
  static ModelOutput resolved(OnnxFile file, ModelOutput wanted) {
    List<String> outputs = names(file.graph().getOutputList());
    if (outputs.equals(List.of(wanted.label()))) {
      return ModelOutput.OUTPUT;
    }
    if (wanted.byName() || outputs.size() == 1) {
      return wanted;
    }
    if (!outputs.contains(wanted.label())) {
      throw TangentsException.model(
          "expected one output, got %d: %s. Name the one whose derivatives are wanted with --model-output"
              + " NAME (in SQL the option 'model-output=NAME')",
          outputs.size(), Text.shown(String.join(", ", outputs)));
    }
    return ModelOutput.named(wanted.label());
  }

  /**
   * The file reduced to a value that is named; the file itself if none is.
   *
   * @throws TangentsException of category USER if it has no such value
   */
  static OnnxFile only(OnnxFile file, ModelOutput wanted) {
    if (!wanted.byName()) {
      return file;
    }
    GraphProto graph = file.graph();
    String name = wanted.label();
    Stream<String> computed = graph.getNodeList().stream().flatMap(n -> n.getOutputList().stream());
    if (Stream.concat(names(file.inputs()).stream(), computed).noneMatch(name::equals)) {
      throw TangentsException.user(
          "model-output: expected output, logits or a value of the file, got '%s'; its outputs are %s",
          Text.shown(name), Text.shown(String.join(", ", names(graph.getOutputList()))));
    }
    Set<String> needed = new HashSet<>(Set.of(name));
    List<NodeProto> nodes = new ArrayList<>();
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph.getNode(i);
      if (node.getOutputList().stream().anyMatch(needed::contains)) {
        // ONNX leaves the name of an optional operand or result empty.
        node.getInputList().stream().filter(input -> !input.isEmpty()).forEach(needed::add);
        nodes.add(node);
      }
    }
    Collections.reverse(nodes);
    GraphProto reduced =
        graph.toBuilder()
            .clearNode()
            .addAllNode(nodes)
            .clearInput()
            .addAllInput(
                graph.getInputList().stream().filter(i -> needed.contains(i.getName())).toList())
            .clearOutput()
            .addOutput(declared(graph, name))
            .build();
    return new OnnxFile(reduced, file.opset(), file.tensors(), file.reader(), file.producer());
  }

  /** What the file says of the value's shape, which for one between nodes may be nothing. */
  private static ValueInfoProto declared(GraphProto graph, String name) {
    return Stream.of(graph.getOutputList(), graph.getInputList(), graph.getValueInfoList())
        .flatMap(List::stream)
        .filter(value -> value.getName().equals(name))
        .findFirst()
        .orElseGet(() -> ValueInfoProto.newBuilder().setName(name).build());
  }

  private static List<String> names(List<ValueInfoProto> values) {
    return values.stream().map(ValueInfoProto::getName).toList();
  }
}

package dev.tangents.importer.onnx;

import com.google.protobuf.ByteString;
import dev.tangents.importer.ImportOptions;
import dev.tangents.importer.MemoryFile;
import dev.tangents.importer.Model;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.onnx.schema.Onnx.AttributeProto;
import dev.tangents.importer.onnx.schema.Onnx.AttributeProto.AttributeType;
import dev.tangents.importer.onnx.schema.Onnx.GraphProto;
import dev.tangents.importer.onnx.schema.Onnx.ModelProto;
import dev.tangents.importer.onnx.schema.Onnx.NodeProto;
import dev.tangents.importer.onnx.schema.Onnx.OperatorSetIdProto;
import dev.tangents.importer.onnx.schema.Onnx.StringStringEntryProto;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto.DataType;
import dev.tangents.importer.onnx.schema.Onnx.TensorShapeProto;
import dev.tangents.importer.onnx.schema.Onnx.TensorShapeProto.Dimension;
import dev.tangents.importer.onnx.schema.Onnx.TypeProto;
import dev.tangents.importer.onnx.schema.Onnx.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small ONNX files, written part by part. */
final class OnnxModels {
  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private int opset = 17;
  private String producer = "";

  /** An input; a negative extent is an open axis. */
  OnnxModels input(String name, long... dims) {
    return input(name, DataType.FLOAT, dims);
  }

  OnnxModels input(String name, DataType type, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDim(
          dim < 0
              ? Dimension.newBuilder().setDimParam("d" + -dim)
              : Dimension.newBuilder().setDimValue(dim));
    }
    graph.addInput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(
                TypeProto.newBuilder()
                    .setTensorType(
                        TypeProto.Tensor.newBuilder()
                            .setElemType(type.getNumber())
                            .setShape(shape))));
    return this;
  }

  /** Says of an initializer what PyTorch's newer exporter says of each. */
  OnnxModels declared(String name, String kind) {
    graph.addValueInfo(
        ValueInfoProto.newBuilder()
            .setName(name)
            .addMetadataProps(
                StringStringEntryProto.newBuilder()
                    .setKey("pkg.torch.export.graph_signature.InputSpec.kind")
                    .setValue(kind)));
    return this;
  }

  /** Who wrote the file. */
  OnnxModels producer(String name) {
    producer = name;
    return this;
  }

  OnnxModels output(String name) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    return this;
  }

  OnnxModels onlyOutput(String name) {
    graph.clearOutput();
    return output(name);
  }

  OnnxModels opset(int version) {
    opset = version;
    return this;
  }

  /** A float initializer. */
  OnnxModels weight(String name, List<Long> dims, double... values) {
    TensorProto.Builder tensor = tensor(name, DataType.FLOAT, dims);
    Arrays.stream(values).forEach(v -> tensor.addFloatData((float) v));
    return initializer(tensor);
  }

  /** An integer initializer along one axis. */
  OnnxModels integers(String name, long... values) {
    TensorProto.Builder tensor = tensor(name, DataType.INT64, List.of((long) values.length));
    Arrays.stream(values).forEach(tensor::addInt64Data);
    return initializer(tensor);
  }

  OnnxModels initializer(TensorProto.Builder tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  static TensorProto.Builder tensor(String name, DataType type, List<Long> dims) {
    return TensorProto.newBuilder().setName(name).setDataType(type.getNumber()).addAllDims(dims);
  }

  /** A node of the standard domain; {@code inputs} and {@code outputs} by commas. */
  OnnxModels node(String operator, String inputs, String outputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName("n" + graph.getNodeCount())
            .addAllInput(inputs.isEmpty() ? List.of() : List.of(inputs.split(",", -1)))
            .addAllOutput(List.of(outputs.split(",", -1)))
            .addAllAttribute(List.of(attributes)));
    return this;
  }

  OnnxModels domain(String domain) {
    graph.getNodeBuilder(graph.getNodeCount() - 1).setDomain(domain);
    return this;
  }

  static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute.build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static ByteString floats(double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(v -> bytes.putFloat((float) v));
    return ByteString.copyFrom(bytes.flip());
  }

  byte[] bytes() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName(producer)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  Model load() {
    return load(bytes(), Map.of());
  }

  Model load(ImportOptions options) {
    return new OnnxImporter().load("m.onnx", name -> MemoryFile.of(name, bytes()), options);
  }

  static Model load(byte[] bytes, Map<String, byte[]> beside) {
    Map<String, byte[]> folder = new HashMap<>(beside);
    folder.put("m.onnx", bytes);
    ModelSource source = MemoryFile.in(folder, "m.onnx");
    return new OnnxImporter().load("m.onnx", name -> source, ImportOptions.defaults());
  }
}

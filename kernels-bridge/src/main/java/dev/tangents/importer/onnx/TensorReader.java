package dev.tangents.importer.onnx;

import dev.tangents.error.TangentsException;
import dev.tangents.importer.ModelSource;
import dev.tangents.importer.NumberBudget;
import dev.tangents.importer.Sha256;
import dev.tangents.importer.Text;
import dev.tangents.importer.onnx.schema.Onnx.StringStringEntryProto;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto;
import dev.tangents.importer.onnx.schema.Onnx.TensorProto.DataType;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the numbers of tensors, in the file or in data files beside it, within one budget of bytes.
 * Every width of number is widened to double, which is exact for floats and for integers up to
 * 2^53.
 */
final class TensorReader {
  private final ModelSource source;
  private final long maxBytes;
  private final NumberBudget budget;
  private final List<byte[]> hashed = new ArrayList<>();
  private final Map<String, byte[]> dataFiles = new LinkedHashMap<>();

  /** The numbers of a tensor and what they are meant as. */
  record Numbers(Literal literal, Tensor.Kind kind) {}

  /**
   * A reader for one model.
   *
   * @param maxBytes most bytes of all numbers together, in double
   * @param model the file's bytes, for the hash
   */
  TensorReader(ModelSource source, long maxBytes, byte[] model) {
    this.source = source;
    this.maxBytes = maxBytes;
    this.budget = new NumberBudget(maxBytes);
    hashed.add(model);
  }

  /**
   * Hash of the model file and, after it, of the data files in the order in which it names them.
   */
  String sha256() {
    return Sha256.hex(hashed.toArray(new byte[0][]));
  }

  /**
   * The numbers of a tensor.
   *
   * @throws TangentsException of category MODEL if it is damaged, too large, or of another type
   */
  Numbers read(TensorProto tensor) {
    try {
      Shape shape = shape(tensor);
      DataType type = DataType.forNumber(tensor.getDataType());
      Tensor.Kind kind = kind(type, tensor.getDataType());
      budget.spend(shape.size());
      ByteBuffer raw = raw(tensor);
      double[] values = raw == null ? listed(tensor, type) : packed(raw, type, shape);
      if (values.length != shape.size()) {
        throw TangentsException.model(
            "shape %s needs %d numbers, got %d", shape, shape.size(), values.length);
      }
      return new Numbers(Literal.of(TensorType.real(shape), values), kind);
    } catch (TangentsException e) {
      throw e.within("tensor '" + Text.shown(tensor.getName()) + "'");
    }
  }

  private static Shape shape(TensorProto tensor) {
    return Shape.of(tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
  }

  /** What an element type is meant as. */
  static Tensor.Kind kind(DataType type, int number) {
    if (type == null) {
      throw TangentsException.model("element type %d is not known to ONNX", number);
    }
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> Tensor.Kind.REAL;
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> Tensor.Kind.INT;
      case BOOL -> Tensor.Kind.BOOL;
      default ->
          throw TangentsException.model(
              "element type %s is not supported; expected float, double, float16, bfloat16, an integer of 8"
                  + " to 64 bits, or bool",
              type);
    };
  }

  /** The bytes of a tensor that is stored packed, or null if its numbers are listed one by one. */
  private ByteBuffer raw(TensorProto tensor) {
    ByteBuffer bytes = null;
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      bytes = external(tensor);
    } else if (tensor.hasRawData()) {
      bytes = tensor.getRawData().asReadOnlyByteBuffer();
    }
    return bytes == null ? null : bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer external(TensorProto tensor) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    String name = ModelSource.requirePlainName(entries.getOrDefault("location", ""));
    byte[] file = dataFiles.get(name);
    if (file == null) {
      file = source.sibling(name).bytes(maxBytes);
      dataFiles.put(name, file);
      hashed.add(file);
    }
    long offset = number(entries, "offset", 0);
    long length = number(entries, "length", file.length - offset);
    if (offset < 0 || length < 0 || offset > file.length || length > file.length - offset) {
      throw TangentsException.model(
          "its data are %d bytes from byte %d of %s, which has %d bytes",
          length, offset, name, file.length);
    }
    return ByteBuffer.wrap(file, (int) offset, (int) length).slice();
  }

  private static long number(Map<String, String> entries, String key, long other) {
    String text = entries.get(key);
    try {
      return text == null ? other : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw TangentsException.model("external data: %s '%s' is no number", key, Text.shown(text))
          .causedBy(e);
    }
  }

  private static double[] packed(ByteBuffer raw, DataType type, Shape shape) {
    int width = width(type);
    if (raw.remaining() % width != 0 || raw.remaining() / width != shape.size()) {
      throw TangentsException.model(
          "shape %s of %s needs %d numbers of %d bytes, got %d bytes",
          shape, type, shape.size(), width, raw.remaining());
    }
    double[] values = new double[raw.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      values[i] = next(raw, type);
    }
    return values;
  }

  private static int width(DataType type) {
    return switch (type) {
      case DOUBLE, INT64, UINT64 -> 8;
      case FLOAT, INT32, UINT32 -> 4;
      case FLOAT16, BFLOAT16, INT16, UINT16 -> 2;
      default -> 1;
    };
  }

  private static double next(ByteBuffer raw, DataType type) {
    return switch (type) {
      case DOUBLE -> raw.getDouble();
      case FLOAT -> raw.getFloat();
      case FLOAT16 -> half(raw.getShort());
      case BFLOAT16 -> bfloat(raw.getShort());
      case INT64, UINT64 -> raw.getLong();
      case INT32 -> raw.getInt();
      case UINT32 -> Integer.toUnsignedLong(raw.getInt());
      case INT16 -> raw.getShort();
      case UINT16 -> Short.toUnsignedInt(raw.getShort());
      case INT8 -> raw.get();
      case BOOL -> raw.get() != 0 ? 1 : 0;
      default -> Byte.toUnsignedInt(raw.get());
    };
  }

  /** The lists of typed numbers; 16-bit floats are kept as bits in 32-bit integers. */
  private static double[] listed(TensorProto tensor, DataType type) {
    return switch (type) {
      case FLOAT -> tensor.getFloatDataList().stream().mapToDouble(Float::doubleValue).toArray();
      case DOUBLE -> tensor.getDoubleDataList().stream().mapToDouble(Double::doubleValue).toArray();
      case INT64 -> tensor.getInt64DataList().stream().mapToDouble(Long::doubleValue).toArray();
      case UINT64, UINT32 ->
          tensor.getUint64DataList().stream().mapToDouble(Long::doubleValue).toArray();
      case FLOAT16 ->
          tensor.getInt32DataList().stream().mapToDouble(bits -> half(bits.shortValue())).toArray();
      case BFLOAT16 ->
          tensor.getInt32DataList().stream()
              .mapToDouble(bits -> bfloat(bits.shortValue()))
              .toArray();
      default -> tensor.getInt32DataList().stream().mapToDouble(Integer::doubleValue).toArray();
    };
  }

  /** IEEE 754 binary16: sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
  static double half(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude;
    if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else if (exponent == 0) {
      magnitude = Math.scalb((double) fraction, -24);
    } else {
      magnitude = Math.scalb(1 + fraction / 1024.0, exponent - 15);
    }
    return bits < 0 ? -magnitude : magnitude;
  }

  /** The upper half of a float. */
  static double bfloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}

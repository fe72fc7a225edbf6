package dev.tangents.job.bench.network;

import static dev.tangents.op.shape.Reshape.reshape;
import static dev.tangents.op.shape.Slice.slice;
import static dev.tangents.op.shape.Transpose.transpose;

import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.linalg.MatMul;
import dev.tangents.op.nn.Activations;
import dev.tangents.op.nn.Softmax;
import dev.tangents.op.shape.Concat;
import java.util.List;

/**
 * A vision transformer (Dosovitskiy et al. 2021) for images of 32 x 32 in patches of 4 x 4: T = 64
 * patches and a class token, learned positions, blocks that normalise first, GELU, a readout of the
 * class token. {@link #TINY} has the width and depth of ViT-Ti (Touvron et al. 2021).
 */
public final class VisionTransformer {
  /** Width 192, 12 blocks of 3 heads, hidden layers of 4 times the width. */
  public static final Size TINY = new Size(192, 12, 3, 4);

  private static final long SIDE = 32;
  private static final long COLOURS = 3;
  private static final long PATCH = 4;
  private static final double EMBEDDING_DEVIATION = 0.02;

  private final Layers layers = new Layers(COLOURS * SIDE * SIDE);
  private final Size size;

  private VisionTransformer(Size size) {
    this.size = size;
  }

  /**
   * Extents of a transformer.
   *
   * @param width numbers of a token; a multiple of {@code heads}
   * @param depth number of blocks
   * @param heads of the attention
   * @param expansion width of a block's hidden layer over {@code width}
   */
  public record Size(long width, int depth, long heads, long expansion) {}

  /**
   * The network.
   *
   * @param outputs O
   */
  public static RandomNetwork of(Size size, long outputs) {
    return new VisionTransformer(size).build(outputs);
  }

  private RandomNetwork build(long outputs) {
    Value x = tokens();
    for (int i = 0; i < size.depth(); i++) {
      x = block("blocks." + i, x);
    }
    Value token = slice(layers.layerNorm("norm", x), 0, 0, 1);
    return layers.network("ViT-tiny/32", layers.readout("head", token, outputs));
  }

  /** The class token and the patches, with their positions added: [1 + T, width]. */
  private Value tokens() {
    long across = SIDE / PATCH;
    Value image = reshape(layers.input(), COLOURS, across, PATCH, across, PATCH);
    Value patches =
        reshape(transpose(image, 1, 3, 0, 2, 4), across * across, COLOURS * PATCH * PATCH);
    Value embedded = layers.dense("patch_embed", patches, size.width(), 1);
    Value token = layers.normal("cls_token", 0, EMBEDDING_DEVIATION, 1, size.width());
    Value positions =
        layers.normal("pos_embed", 0, EMBEDDING_DEVIATION, 1 + across * across, size.width());
    return Add.add(Concat.concat(List.of(token, embedded), 0), positions);
  }

  private Value block(String name, Value x) {
    Value y = Add.add(x, attention(name + ".attn", layers.layerNorm(name + ".norm1", x)));
    Value hidden =
        layers.dense(
            name + ".mlp.fc1",
            layers.layerNorm(name + ".norm2", y),
            size.expansion() * size.width(),
            1);
    return Add.add(y, layers.dense(name + ".mlp.fc2", Activations.gelu(hidden), size.width(), 1));
  }

  /** Softmax(Q K^T / sqrt(k)) V for each head (Vaswani et al. 2017), with one product for all. */
  private Value attention(String name, Value x) {
    long positions = x.shape().dim(0);
    long width = size.width() / size.heads();
    Value all = layers.dense(name + ".qkv", x, 3 * size.width(), 1);
    Value split = transpose(reshape(all, positions, 3, size.heads(), width), 1, 2, 0, 3);
    Value q = Mul.scale(part(split, 0), 1 / Math.sqrt((double) width));
    Value scores = MatMul.matMulTransposed(q, part(split, 1)); // [H, T, T]
    Value mixed = MatMul.matMul(Softmax.softmax(scores, -1), part(split, 2)); // [H, T, k]
    Value joined = reshape(transpose(mixed, 1, 0, 2), positions, size.width());
    return layers.dense(name + ".proj", joined, size.width(), 1);
  }

  /** Q, K or V of [3, H, T, k]. */
  private static Value part(Value split, int index) {
    Value one = slice(split, 0, index, index + 1);
    return reshape(one, one.shape().remove(0));
  }
}

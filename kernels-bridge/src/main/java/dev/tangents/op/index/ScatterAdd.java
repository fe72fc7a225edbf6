package dev.tangents.op.index;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.shape.Broadcast;
import java.util.List;

/**
 * Adds rows into a table of zeros by number: table[l..., v, r...] = sum over b with ids[l..., b] =
 * v of rows[l..., b..., r...]. Linear in the rows; the transpose of {@link Gather}.
 *
 * @param lead number of leading axes l that rows and ids share
 * @param rows V, number of rows of the table
 */
public record ScatterAdd(int lead, long rows) implements Primitive {
  static Value scatterAdd(int lead, long rows, Value x, Value ids) {
    return x.builder().apply(new ScatterAdd(lead, rows), x, ids);
  }

  @Override
  public String name() {
    return "scatter-add";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    Shape x = inputs.get(0).shape();
    Shape ids = inputs.get(1).shape();
    boolean fits =
        inputs.get(0).isReal()
            && ids.rank() >= lead
            && x.rank() >= ids.rank()
            && x.slice(0, ids.rank()).equals(ids);
    if (!fits) {
      throw TangentsException.model(
          "scatter-add: expected rows [L..., B..., R...] and ids [L..., B...] with %d axes L, got %s and %s",
          lead, x, ids);
    }
    Shape table = x.slice(0, lead).concat(Shape.of(rows));
    return inputs.get(0).withShape(table.concat(x.slice(ids.rank(), x.rank())));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return tangents.get(0) instanceof Tangent.Of of
        ? Tangent.of(scatterAdd(lead, rows, of.value(), site.input(1)))
        : Tangent.zero(site.output().type());
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    return List.of(
        Tangent.of(Gather.gather(lead, cotangent, site.input(1))),
        Tangent.zero(site.input(1).type()));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    return scatterAdd(
        lead + 1, rows, Broadcast.lead(inputs.get(0), size), Broadcast.lead(inputs.get(1), size));
  }
}

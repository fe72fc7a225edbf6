package dev.tangents.op.index;

import dev.tangents.error.TangentsException;
import dev.tangents.ir.Literal;
import dev.tangents.ir.Mapped;
import dev.tangents.ir.Primitive;
import dev.tangents.ir.Shape;
import dev.tangents.ir.Site;
import dev.tangents.ir.Tangent;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.shape.Broadcast;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of a table by number, an embedding: y[l..., b..., r...] = table[l..., ids[l..., b...],
 * r...]. Linear in the table; its transpose there is {@link ScatterAdd}. Constant in the ids, which
 * are reals rounded to whole numbers; negative ones count from the end of the table.
 *
 * @param lead number of leading axes l that table and ids share
 */
public record Gather(int lead) implements Primitive {
  /** Rows {@code ids} [B...] of {@code table} [V, R...]. */
  public static Value gather(Value table, Value ids) {
    return gather(0, table, ids);
  }

  /**
   * The numbers of the rows that {@code ids} take of a table of {@code rows}, all from 0 on, as
   * reals of the shape of ids.
   */
  public static Value fromZero(Value ids, long rows) {
    double[] numbers = IntStream.range(0, Math.toIntExact(rows)).asDoubleStream().toArray();
    return gather(ids.builder().constant(Literal.of(TensorType.real(rows), numbers)), ids);
  }

  static Value gather(int lead, Value table, Value ids) {
    return table.builder().apply(new Gather(lead), table, ids);
  }

  @Override
  public String name() {
    return "gather";
  }

  @Override
  public TensorType resultType(List<TensorType> inputs) {
    Shape table = inputs.get(0).shape();
    Shape ids = inputs.get(1).shape();
    boolean fits =
        table.rank() > lead
            && ids.rank() >= lead
            && table.slice(0, lead).equals(ids.slice(0, lead))
            && (table.dim(lead) > 0 || ids.size() == 0);
    if (!fits) {
      throw TangentsException.model(
          "gather: expected a table [L..., V, R...] and ids [L..., B...] with %d axes L, got %s and %s",
          lead, table, ids);
    }
    return inputs.get(0).withShape(ids.concat(table.slice(lead + 1, table.rank())));
  }

  @Override
  public Tangent jvp(Site site, List<Tangent> tangents) {
    return tangents.get(0) instanceof Tangent.Of of
        ? Tangent.of(gather(lead, of.value(), site.input(1)))
        : Tangent.zero(site.output().type());
  }

  @Override
  public List<Tangent> vjp(Site site, Value cotangent) {
    long rows = site.input(0).shape().dim(lead);
    return List.of(
        Tangent.of(ScatterAdd.scatterAdd(lead, rows, cotangent, site.input(1))),
        Tangent.zero(site.input(1).type()));
  }

  @Override
  public Value batch(List<Mapped> inputs, long size) {
    if (lead == 0 && !inputs.get(0).mapped()) {
      return gather(0, inputs.get(0).value(), inputs.get(1).value());
    }
    return gather(
        lead + 1, Broadcast.lead(inputs.get(0), size), Broadcast.lead(inputs.get(1), size));
  }
}

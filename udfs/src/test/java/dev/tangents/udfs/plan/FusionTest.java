package dev.tangents.udfs.plan;

import static dev.tangents.udfs.plan.Catalyst.call;
import static dev.tangents.udfs.plan.Catalyst.callOf;
import static dev.tangents.udfs.plan.Catalyst.literal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.exec.Precision;
import dev.tangents.udfs.function.DerivativeExpression;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/** Which calls share a pass through the network. */
class FusionTest {
  private static final Expression X = Catalyst.vector("x");
  private static final Expression Y = Catalyst.vector("y");
  private static final Expression LABEL = Catalyst.column("label", DataTypes.IntegerType);

  /** Each list is a pass of its own, in this order. */
  private static void assertPasses(List<List<DerivativeExpression>> passes) {
    assertEquals(passes, Fusion.of(passes.stream().flatMap(List::stream).toList()));
  }

  private static DerivativeExpression ntk(Expression first, Expression second, String options) {
    return call("ntk", first, second, literal(options));
  }

  private static DerivativeExpression loss(String function, Expression label, String kind) {
    return call(function, X, label, literal(kind));
  }

  @Test
  void quantitiesOfOneModelAtOneColumnDo() {
    assertPasses(
        List.of(
            List.of(
                call("predict", X),
                call("jacobian", X),
                call("hessian", X),
                call("jvp", X, Y),
                call("vjp", X, Y),
                call("ntk", X, Y),
                call("param_gradient_norm", X),
                loss("loss", LABEL, "softmax-cross-entropy"),
                loss("loss_gradient", LABEL, "softmax-cross-entropy"))));
  }

  @Test
  void otherFeaturesModelsAndNumbersDoNot() {
    String other = "mlp:2-3-2:tanh?seed=2";
    assertPasses(
        List.of(
            List.of(call("predict", X)),
            List.of(call("predict", Y)),
            List.of(callOf(other, Precision.FLOAT, "predict", X)),
            List.of(callOf(Catalyst.MODEL, Precision.DOUBLE, "predict", X)),
            List.of(call("predict", X, literal("select-outputs=1"))),
            List.of(call("predict", X, literal("binary-type=uint8")))));
  }

  @Test
  void ofAnyOtherInputThereIsOneColumn() {
    assertPasses(List.of(List.of(call("jvp", X, Y)), List.of(call("jvp", X, X))));
    assertPasses(List.of(List.of(call("vjp", X, Y)), List.of(call("vjp", X, X))));
    assertPasses(List.of(List.of(call("ntk", X, Y)), List.of(call("ntk", X, X))));
    assertPasses(
        List.of(List.of(call("predict", X), call("jvp", X, Y)), List.of(call("jvp", X, X))));
  }

  /** Numbers of a class for one loss, of outputs for another. */
  @Test
  void theLossSaysWhatATargetIs() {
    assertPasses(
        List.of(
            List.of(loss("loss", LABEL, "softmax-cross-entropy")),
            List.of(loss("loss", LABEL, "mse"), loss("loss_gradient", LABEL, "mse"))));
  }

  @Test
  void parametersAreOneSelectionOrNone() {
    assertPasses(
        List.of(
            List.of(call("predict", X), ntk(X, Y, "params=*weight"), call("jacobian", X)),
            List.of(ntk(X, Y, "params=*bias")),
            List.of(ntk(X, Y, ""))));
  }

  @Test
  void aCallJoinsTheFirstPassThatTakesIt() {
    DerivativeExpression here = call("predict", X);
    DerivativeExpression there = call("predict", Y);
    DerivativeExpression last = call("jacobian", X);
    assertEquals(
        List.of(List.of(here, last), List.of(there)), Fusion.of(List.of(here, there, last)));
  }

  @Test
  void equalCallsAreOne() {
    assertEquals(
        List.of(List.of(call("predict", X))),
        Fusion.of(List.of(call("predict", X), call("predict", X))));
    assertEquals(List.of(), Fusion.of(List.of()));
  }
}

package dev.tangents.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tangents.ir.Graph;
import dev.tangents.ir.GraphBuilder;
import dev.tangents.ir.Node;
import dev.tangents.ir.Shape;
import dev.tangents.ir.TensorType;
import dev.tangents.ir.Value;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Mul;
import dev.tangents.op.elementwise.Sin;
import dev.tangents.op.elementwise.Sub;
import dev.tangents.op.shape.Reshape;
import dev.tangents.op.shape.Transpose;
import dev.tangents.testkit.Runs;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimplifyTest {
  @Test
  void unusedInputsStayAndUnusedParametersGo() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    builder.input("unused", TensorType.real(3));
    builder.parameter("W", TensorType.real(1));
    Graph small = Runs.simplified(builder.build(Sin.sin(x)));
    assertEquals(List.of("x", "unused"), small.inputs().stream().map(Node.Input::name).toList());
    assertEquals(List.of(), small.parameters());
  }

  @Test
  void equalSubexpressionsAreComputedOnce() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    Graph small = Runs.simplified(builder.build(Add.add(Sin.sin(x), Sin.sin(x))));
    assertEquals(3, small.nodes().size(), small::toString);
  }

  /** Folding makes three equal constants of as many nodes: a second look merges them. */
  @Test
  void constantsThatBecomeEqualAreMergedThoughTheGraphDidNotShrink() {
    GraphBuilder builder = new GraphBuilder();
    Value one = builder.splat(Shape.of(2), 1);
    Value two = builder.splat(Shape.of(2), 2);
    Value sum = builder.applyAsIs(new Add(), one, one);
    Value product = builder.applyAsIs(new Mul(), two, one);
    Graph small = Runs.simplified(builder.build(one, two, sum, product));
    assertEquals(2, small.nodes().size(), small::toString);
    assertEquals(List.of(0, 1, 1, 1), small.outputs());
  }

  /** A transpose that moves nothing is a reshape; then the other reshape of x equals it. */
  @Test
  void identitiesMakeRoomForEachOther() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(1, 3));
    Value turned = builder.applyAsIs(new Transpose(List.of(1, 0)), x);
    Value reshaped = builder.applyAsIs(new Reshape(Shape.of(3, 1)), x);
    Value zero = builder.applyAsIs(new Sub(), turned, turned);
    Graph small = Runs.simplified(builder.build(turned, reshaped, zero));
    assertEquals(3, small.nodes().size(), small::toString);
  }
}

package dev.tangents.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.Category;
import dev.tangents.error.TangentsException;
import dev.tangents.op.elementwise.Add;
import dev.tangents.op.elementwise.Unary;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
  @Test
  void aNameIsTakenOnce() {
    GraphBuilder builder = new GraphBuilder();
    builder.input("x", TensorType.real(2));
    assertMessage(
        Category.MODEL,
        "Graph: two inputs or parameters are named 'x'; names must differ",
        () -> builder.parameter("x", TensorType.real(2)));
    assertEquals("x#2", name(builder, builder.freshInput("x", TensorType.real(2))));
    assertEquals("x#3", name(builder, builder.freshInput("x", TensorType.real(2))));
    assertEquals("y", name(builder, builder.freshInput("y", TensorType.real(2))));
  }

  private static String name(GraphBuilder builder, Value value) {
    return ((Node.Input) builder.node(value)).name();
  }

  @Test
  void operandsBelongToOneGraph() {
    Value mine = new GraphBuilder().input("x", TensorType.real(2));
    Value other = new GraphBuilder().input("y", TensorType.real(2));
    assertMessage(
        Category.INTERNAL,
        "add: operand %0:REAL[2] belongs to another graph",
        () -> Add.add(mine, other));
  }

  @Test
  void aSimplificationOfAnotherTypeIsAFault() {
    record Careless() implements Unary {
      @Override
      public String name() {
        return "careless";
      }

      @Override
      public Value derivative(Value x, Value y) {
        return x;
      }

      @Override
      public Optional<Value> simplify(List<Value> inputs) {
        return Optional.of(inputs.get(0).builder().splat(Shape.of(7), 0));
      }
    }

    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    assertMessage(
        Category.INTERNAL,
        "careless: its simplify returned REAL[7], expected REAL[2]",
        () -> builder.apply(new Careless(), x));
  }

  @Test
  void unknownNamesAreListed() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    builder.parameter("W", TensorType.real(2, 5));
    Graph graph = builder.build(x);
    assertMessage(Category.USER, "Graph: no input 'W'; it has [x]", () -> graph.input("W"));
    assertMessage(Category.USER, "Graph: no parameter 'x'; it has [W]", () -> graph.parameter("x"));
    assertEquals(10, graph.parameterCount());
  }

  @Test
  void aGraphPrintsANodeALine() {
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", TensorType.real(2));
    Value w = builder.parameter("w", TensorType.real(2));
    Value sum = Add.add(Add.add(x, w), builder.splat(Shape.of(2), 3));
    assertEquals(
        """
        %0 : REAL[2] = input 'x'
        %1 : REAL[2] = parameter 'w'
        %2 : REAL[2] = Add[] [0, 1]
        %3 : REAL[2] = constant REAL[2] of 3.0
        %4 : REAL[2] = Add[] [2, 3]
        return [4]""",
        builder.build(sum).toString());
  }

  private static void assertMessage(Category category, String message, Runnable action) {
    TangentsException error = assertThrows(TangentsException.class, action::run);
    assertEquals(message, error.getMessage());
    assertEquals(category, error.category());
  }
}

package dev.tangents.udfs.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tangents.error.TangentsException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionsTest {
  private static final List<String> NAMES = List.of("0_W", "0_b", "10_W", "a.weight");

  @Test
  void outputsAreListsAndRanges() {
    assertEquals(List.of(0, 3, 7, 8, 9), Selections.outputs("0,3, 7-9"));
  }

  @Test
  void badOutputListsAreNamed() {
    assertEquals(
        "select-outputs: expected numbers and ranges such as 0,3,7-9, got '-1' in '-1'",
        assertThrows(TangentsException.class, () -> Selections.outputs("-1")).getMessage());
    assertEquals(
        "select-outputs: expected each output once, got '1,0-2'",
        assertThrows(TangentsException.class, () -> Selections.outputs("1,0-2")).getMessage());
    assertEquals(
        "select-outputs: expected a range upwards of at most 16777216 outputs, got '3-2' in '0,3-2'",
        assertThrows(TangentsException.class, () -> Selections.outputs("0,3-2")).getMessage());
    assertEquals(
        "select-outputs: expected a range upwards of at most 16777216 outputs, got '0-999999999' in"
            + " '0-999999999'",
        assertThrows(TangentsException.class, () -> Selections.outputs("0-999999999"))
            .getMessage());
  }

  @Test
  void globsMatchWholeNamesInTheModelsOrder() {
    assertEquals(NAMES, Selections.parameters("*", NAMES));
    assertEquals(List.of("0_W", "10_W"), Selections.parameters("*_W", NAMES));
    assertEquals(List.of("0_W", "0_b"), Selections.parameters("?_b,?_W", NAMES));
    assertEquals(List.of("a.weight"), Selections.parameters("a.*", NAMES));
  }

  @Test
  void globWithoutMatchListsTheNames() {
    assertEquals(
        "params: 'a?weigh' matches no parameter of the model, which has 0_W, 0_b, 10_W, a.weight",
        assertThrows(TangentsException.class, () -> Selections.parameters("0*,a?weigh", NAMES))
            .getMessage());
  }
}

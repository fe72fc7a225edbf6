package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AmountsTest {
  @Test
  void unitsFit() {
    assertEquals("1023 B", Amounts.bytes(1023L));
    assertEquals("1.5 KiB", Amounts.bytes(1536L));
    assertEquals("8.0 GiB", Amounts.bytes(8L << 30));
    assertEquals("12.0 FLOP", Amounts.flops(12));
    assertEquals("3.2 GFLOP", Amounts.flops(3.2e9));
    assertEquals("1,797", Amounts.count(1797));
    assertEquals("1 thread", Amounts.counted(1, "thread"));
    assertEquals("6,441 tiles", Amounts.counted(6441, "tile"));
    assertEquals("4.2 s", Amounts.seconds(4.21));
    assertEquals("3 min 20 s", Amounts.seconds(200));
    assertEquals("2 h 5 min", Amounts.seconds(7500));
  }

  @Test
  void everyNumberHasADigitThatSaysSomething() {
    assertEquals("0", Amounts.number(0));
    assertEquals("0.024", Amounts.number(0.0243));
    assertEquals("0.26", Amounts.number(0.257));
    assertEquals("1.0", Amounts.number(1));
    assertEquals("3.5", Amounts.number(3.46));
    assertEquals("25", Amounts.number(25.4));
    assertEquals("48,000", Amounts.number(48e3));
  }
}

package dev.tangents.job.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.job.config.Choices.Factors;
import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Configuration.Layer;
import dev.tangents.job.config.Configuration.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether factors are stored. */
class FactorPlanTest {
  private static final double GIB = 1L << 30;

  @Test
  void whatIsPredictedToTakeLessTimeIsTaken() {
    // 10 panels of 1 GiB, 60 loads of them: 60 passes, or 10 passes, 10 GiB written and 60 read.
    FactorPlan slow = new FactorPlan(Factors.AUTO, 10, 60, 40, GIB, 0);
    assertEquals(2400, slow.recomputeSeconds());
    assertEquals(400 + 70 * GIB / 500e6, slow.storeSeconds(), 1e-9);
    assertTrue(slow.stored(100 * GIB));
    FactorPlan quick = new FactorPlan(Factors.AUTO, 10, 60, 1, GIB, 0);
    assertFalse(quick.stored(100 * GIB));
  }

  @Test
  void thereMustBeRoomForTwiceTheBytes() {
    FactorPlan plan = new FactorPlan(Factors.AUTO, 10, 60, 40, GIB, 0);
    assertFalse(plan.stored(20 * GIB));
    assertTrue(plan.stored(20 * GIB + 1));
    assertFalse(new FactorPlan(Factors.AUTO, 10, 60, 40, GIB, 1).stored(20 * GIB + 1));
  }

  @Test
  void whatIsAskedForIsDone() {
    assertFalse(new FactorPlan(Factors.RECOMPUTE, 10, 60, 40, GIB, 0).stored(100 * GIB));
    assertTrue(new FactorPlan(Factors.STORE, 10, 60, 0, GIB, 0).stored(0));
  }

  /** 4 panels of one row each: where one column is held, the rows of tiles meet 4, 3, 2 and 1. */
  @Test
  void everyBlockLoadsThePanelsThatItMeets() {
    Map<String, Value> settings = new LinkedHashMap<>();
    settings.put("model", new Value("mlp:5-6-1:tanh?seed=4", "test"));
    settings.put("tile", new Value("1", "test"));
    settings.put("cache-mib", new Value("0", "test"));
    Configuration configuration = Configuration.resolve(List.of(new Layer(settings)));
    NetworkSpec.Network network = NetworkSpec.of(configuration).load(name -> null);
    GramRunPlan plan = GramRunPlan.of(configuration, network, List.of(4L));
    FactorPlan factors = FactorPlan.of(Factors.AUTO, plan, 1);
    assertEquals(4, factors.panels());
    assertEquals(4 + 3 + 2 + 1, factors.loads());
    assertEquals(plan.plan().factorNumbers() * 4.0, factors.bytes());
  }
}

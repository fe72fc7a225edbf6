package dev.tangents.it.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tangents.error.TangentsException;
import dev.tangents.job.config.ExportSettings;
import dev.tangents.job.config.RowSettings;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.udfs.function.SessionKey;
import dev.tangents.udfs.plan.QuerySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.internal.SQLConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries and runs have the same settings with the same defaults. */
class QuerySettingsTest {
  private static <T> T standard(Setting<T> setting) {
    return setting.parse(setting.standard().orElseThrow(), "default");
  }

  @Test
  void defaultsAreThoseOfTheJob() {
    QuerySettings settings = QuerySettings.of(new SQLConf());
    assertEquals(standard(Settings.ENGINE), settings.engine());
    assertEquals(standard(Settings.MICRO_BATCH), settings.microBatch());
    assertEquals(standard(RowSettings.MEMORY) << 20, settings.memoryBytes());
    assertEquals(Duration.ofMinutes(standard(Settings.HANG_MINUTES)), settings.silence());
    assertEquals(standard(Settings.MODEL_CACHE_MIB) << 20, settings.modelBytes());
    assertEquals(standard(Settings.DTYPE), QuerySettings.precision(new SQLConf()));
  }

  /** A session may have settings of runs, and must not take one for a slip. */
  @Test
  void keysOfRunsAreLeftAlone() {
    SQLConf conf = new SQLConf();
    List<Setting<?>> all = new ArrayList<>(Settings.all());
    all.addAll(RowSettings.of());
    all.addAll(ExportSettings.all());
    for (Setting<?> setting : all) {
      setting
          .standard()
          .ifPresentOrElse(
              text -> conf.setConfString(SessionKey.PREFIX + setting.key(), text),
              () -> conf.setConfString(SessionKey.PREFIX + setting.key(), "x"));
    }
    assertEquals(QuerySettings.of(new SQLConf()), QuerySettings.of(conf));
  }

  @ParameterizedTest
  @CsvSource({"dtyp, dtype", "micro_batch, micro-batch", "Engine, engine", "memroy, memory"})
  void aSlipIsNamedWithTheKeyThatWasMeant(String slip, String meant) {
    SQLConf conf = new SQLConf();
    conf.setConfString("spark.tangents." + slip, "1");
    String message =
        assertThrows(TangentsException.class, () -> QuerySettings.of(conf)).getMessage();
    assertTrue(
        message.startsWith(
            "spark.tangents.%s: unknown setting; the nearest is spark.tangents.%s."
                .formatted(slip, meant)),
        message);
  }

  @Test
  void aValueThatIsNoneIsNamedWithItsKey() {
    SQLConf conf = new SQLConf();
    conf.setConfString("spark.tangents.micro-batch", "many");
    String message =
        assertThrows(TangentsException.class, () -> QuerySettings.of(conf)).getMessage();
    assertTrue(
        message.contains("spark.tangents.micro-batch: expected 1 to 1048576, got 'many'"), message);
  }
}

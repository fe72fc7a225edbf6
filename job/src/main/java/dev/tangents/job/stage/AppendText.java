package dev.tangents.job.stage;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.config.Settings;
import dev.tangents.job.io.RunRecord;
import dev.tangents.job.io.ShellWord;
import java.util.List;

/** Commands that add to a kernel, as a user would give them, for a {@link RunRecord}. */
final class AppendText {
  /** What says which samples are added, and with which model; the rest is the kernel's. */
  private static final List<Setting<?>> CHOICES =
      List.of(
          Settings.MODEL,
          Settings.INPUT,
          Settings.INPUT2,
          Settings.FORMAT,
          Settings.FEATURES,
          Settings.BINARY_TYPE,
          Settings.LABEL,
          Settings.ID,
          Settings.WHERE,
          Settings.LIMIT);

  /** One that adds nothing and computes damaged and missing tiles again. */
  static final String REPAIRING = "tangents append " + RunRecord.FOLDER;

  private AppendText() {}

  /**
   * An append.
   *
   * @param asked what was asked for, without what the kernel's run had
   */
  static String of(Configuration asked) {
    StringBuilder text = new StringBuilder(REPAIRING);
    for (Setting<?> choice : CHOICES) {
      if (!asked.isDefault(choice)) {
        String value = asked.values().get(choice.key()).text();
        text.append(" --").append(choice.key()).append(' ').append(ShellWord.of(value));
      }
    }
    return text.toString();
  }
}

package dev.tangents.job.stage.append;

import dev.tangents.job.config.Configuration;
import dev.tangents.job.config.Setting;
import dev.tangents.job.io.output.RunRecord;
import dev.tangents.job.io.output.ShellWord;

/** Commands that add to a kernel, as a user would give them, for a {@link RunRecord}. */
final class AppendText {
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
    for (Setting<?> choice : AppendRun.CHOICES) {
      if (!asked.isDefault(choice)) {
        String value = asked.values().get(choice.key()).text();
        text.append(" --").append(choice.key()).append(' ').append(ShellWord.of(value));
      }
    }
    return text.toString();
  }
}

package dev.tangents.job.stage.append;

import dev.tangents.error.TangentsException;
import dev.tangents.job.io.output.KernelManifest;
import dev.tangents.job.io.output.OutputFolder;
import dev.tangents.job.io.panel.PanelFault;
import dev.tangents.job.plan.Amounts;
import dev.tangents.job.report.Console;
import dev.tangents.job.stage.gram.KernelBase;
import dev.tangents.job.stage.sample.PanelAudit;
import dev.tangents.job.stage.session.Watched;
import dev.tangents.job.stage.tile.TileFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The files that an append builds on, looked at before any file of the kernel is touched: where one
 * is not as it was written, the kernel stays what it is.
 *
 * @param manifest of the kernel
 * @param base what it says
 * @param output its folder
 */
record KernelThere(KernelManifest manifest, KernelBase base, OutputFolder output) {
  private static final int SHOWN = 5;

  /**
   * Looks at the names in the folder of the tiles, and warns of what is none of them: this leaves
   * it there.
   *
   * @throws TangentsException of category DATA if there is a folder where a tile belongs
   */
  void requireTiles(Configuration files, Console console) throws IOException {
    TileFolder tiles = TileFolder.of(files, output.child("kernel"));
    if (!tiles.folders().isEmpty()) {
      throw TangentsException.data(
          "%s: is a folder, expected the file of a tile. Remove it and run this again: without --input the tile is then"
              + " computed. Nothing was changed",
          tiles.folders().get(0));
    }
    List<Path> strangers = tiles.strangersWithin(base.grid(List.of(0L, 0L)), manifest.mirrored());
    strangers.stream()
        .limit(SHOWN)
        .forEach(
            file ->
                console
                    .err()
                    .printf(
                        "note: %s is no tile of this kernel, and who reads the folder takes it for one. Remove it%n",
                        file));
    if (strangers.size() > SHOWN) {
      console.err().printf("note: and %,d more such files%n", strangers.size() - SHOWN);
    }
  }

  /**
   * Checks the samples, a task a panel: every tile that is computed is made of them.
   *
   * @throws TangentsException of category DATA that lists what is wrong
   */
  void requireSamples(Watched watched, Configuration files) {
    Broadcast<SerializableConfiguration> hadoop =
        watched.spark().broadcast(new SerializableConfiguration(files));
    List<String> faults = new ArrayList<>();
    try {
      for (int i = 0; i < base.sides().size(); i++) {
        faults.addAll(
            new PanelAudit(
                    output.child(i == 0 ? "samples" : "samples2"),
                    base.side(i),
                    manifest.features(),
                    manifest.precision(),
                    hadoop)
                .run(watched));
      }
    } finally {
      hadoop.destroy();
    }
    if (faults.isEmpty()) {
      return;
    }
    throw TangentsException.data(
        "output: %s in the samples of %s, of which tiles are made:%n  %s%n%s%s. Nothing was changed",
        Amounts.counted(faults.size(), "fault"),
        output.path(),
        String.join("%n  ".formatted(), faults.subList(0, Math.min(SHOWN, faults.size()))),
        faults.size() > SHOWN
            ? "  and %s more%n".formatted(Amounts.count(faults.size() - SHOWN))
            : "",
        PanelFault.CURE_OF_ALL);
  }
}

package dev.tangents.job.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * How tiles are cut into blocks, one a task. A large block shares network passes among its tiles, a
 * small one leaves no slot idle at the end; so blocks of many forms are tried on paper, in the
 * order in which Spark would start them (the largest first; Graham 1969), and those that end first
 * are taken.
 *
 * @param slots tasks that run at once
 * @param held panels that a task can hold: one column and rows beside it
 * @param least tiles that a block should have where there are as many
 * @param panelWork work of bringing in a panel's factors, in tiles
 */
public record Cutting(int slots, long held, int least, double panelWork) {
  /**
   * The most tiles of one task: so a task that fails does not take long to get back to where it
   * was.
   */
  private static final int MOST_TILES = 1024;

  /** The most parts of an extent that are tried: into more, any extent cuts nearly evenly. */
  private static final int MOST_PARTS = 8;

  /** The most tasks a slot that are tried: with more, the last ones end evenly enough. */
  private static final int MOST_TASKS_A_SLOT = 32;

  /** Rows and columns of tiles, from the first to before the last. */
  record Region(int fromRow, int toRow, int fromColumn, int toColumn, boolean symmetric) {
    private boolean empty() {
      return fromRow >= toRow || fromColumn >= toColumn;
    }
  }

  /**
   * The tiles of some regions in blocks, that with the most work first; neighbours among blocks of
   * equal work share panels.
   */
  List<TileBlock> blocks(List<Region> regions) {
    List<Region> parts = regions.stream().filter(region -> !region.empty()).toList();
    if (parts.isEmpty()) {
      return List.of();
    }
    int rows = parts.stream().mapToInt(part -> part.toRow() - part.fromRow()).max().getAsInt();
    int columns =
        parts.stream().mapToInt(part -> part.toColumn() - part.fromColumn()).max().getAsInt();
    double tiles = parts.stream().mapToDouble(Cutting::tiles).sum();
    List<TileBlock> best = List.of();
    double end = Double.POSITIVE_INFINITY;
    for (Form form : forms(rows, columns, tiles)) {
      List<TileBlock> blocks = cut(parts, form);
      double predicted = end(blocks);
      if (predicted < end) {
        end = predicted;
        best = blocks;
      }
    }
    return best;
  }

  /** Rows and columns of a block. */
  private record Form(int height, int width) {
    private int size() {
      return Math.multiplyExact(height, width);
    }
  }

  /** The forms that are tried. */
  private List<Form> forms(int rows, int columns, double tiles) {
    List<Form> forms = new ArrayList<>();
    for (int height : extents(Math.min(held - 1, rows))) {
      for (int width : extents(columns)) {
        forms.add(new Form(height, width));
      }
    }
    forms.removeIf(form -> form.size() > MOST_TILES);
    double largest = forms.stream().mapToInt(Form::size).max().orElse(0);
    double fewest = Math.min(largest, Math.max(least, tiles / slots / MOST_TASKS_A_SLOT));
    forms.removeIf(form -> form.size() < fewest);
    return forms;
  }

  private static double tiles(Region part) {
    double all = (double) (part.toRow() - part.fromRow()) * (part.toColumn() - part.fromColumn());
    return part.symmetric() && part.fromColumn() < part.toRow() ? all / 2 : all;
  }

  /**
   * Extents up to {@code most}, a quarter to a half apart: 1, 2, 3, 4, 6, 8, 12 ... and those that
   * cut it into few equal parts.
   */
  private static Iterable<Integer> extents(long most) {
    TreeSet<Integer> extents = new TreeSet<>();
    int bound = (int) Math.max(1, Math.min(MOST_TILES, most));
    for (int power = 1; power <= bound; power *= 2) {
      extents.add(power);
      extents.add(Math.min(bound, power + (power + 1) / 2));
    }
    for (int parts = 1; parts <= MOST_PARTS; parts++) {
      extents.add((bound + parts - 1) / parts);
    }
    return extents;
  }

  private List<TileBlock> cut(List<Region> parts, Form form) {
    List<TileBlock> blocks = new ArrayList<>();
    parts.forEach(part -> cut(part, form, blocks));
    blocks.sort(Comparator.comparingDouble(this::work).reversed());
    return blocks;
  }

  private static void cut(Region part, Form form, List<TileBlock> blocks) {
    int height = form.height();
    for (int row = part.fromRow(); row < part.toRow(); row += height) {
      List<TileBlock> band = new ArrayList<>();
      // Tasks of neighbouring bands meet in the middle of their columns, and from there on find
      // what the other has brought in.
      boolean leftwards = (row - part.fromRow()) / height % 2 == 1;
      int end = Math.min(part.toRow(), row + height);
      int start = part.symmetric() ? Math.max(row, part.fromColumn()) : part.fromColumn();
      for (int column = start; column < part.toColumn(); column += form.width()) {
        int right = Math.min(part.toColumn(), column + form.width());
        // And so do those of one band, in their rows.
        boolean upwards = band.size() % 2 == 1;
        band.add(new TileBlock(row, end, column, right, part.symmetric(), leftwards, upwards));
      }
      if (leftwards) {
        Collections.reverse(band);
      }
      blocks.addAll(band);
    }
  }

  /** The work of a task, in tiles. */
  double work(TileBlock block) {
    return block.work() + panelWork * block.panels();
  }

  /**
   * When the last task ends, in tiles, and half of the smallest task: real ones do not take what
   * was predicted, and wait for each other by as much.
   */
  private double end(List<TileBlock> blocks) {
    PriorityQueue<Double> ends = new PriorityQueue<>(Collections.nCopies(slots, 0.0));
    double last = 0;
    for (TileBlock block : blocks) {
      double end = ends.remove() + work(block);
      ends.add(end);
      last = Math.max(last, end);
    }
    return last + work(blocks.get(blocks.size() - 1)) / 2;
  }
}

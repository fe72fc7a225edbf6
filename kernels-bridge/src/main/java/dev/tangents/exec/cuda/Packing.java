package dev.tangents.exec.cuda;

import dev.tangents.exec.Arithmetic;

/**
 * An input whose packed form a plan reads.
 *
 * @param input number of the graph's input
 * @param slot where the plan looks for it
 * @param inner numbers of a row
 * @param arithmetic for which it is packed
 */
record Packing(int input, int slot, int inner, Arithmetic arithmetic) {}

package dev.tangents.offender.ir;

import dev.tangents.offender.op.LaterLayer;

/** Uses a later layer, to prove that the layer rule bites, and with it closes a cycle. */
public final class LayerOffender {
  LaterLayer later;
}

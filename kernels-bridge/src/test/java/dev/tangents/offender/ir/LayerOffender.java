package dev.tangents.offender.ir;

import dev.tangents.offender.op.LaterLayer;

/** Uses a later layer, to prove that the layer rule bites. */
final class LayerOffender {
  LaterLayer later;
}

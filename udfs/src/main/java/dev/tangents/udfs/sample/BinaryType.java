package dev.tangents.udfs.sample;

/** What the bytes of a binary feature column are, little-endian. */
public enum BinaryType {
  /** Four bytes a feature. */
  FLOAT,
  /** Eight bytes a feature. */
  DOUBLE,
  /** One byte a feature, 0 to 255. */
  UINT8
}

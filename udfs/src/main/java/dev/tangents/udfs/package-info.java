/** Spark SQL functions, one file each: bind types, call the bridge, convert back. */
package dev.tangents.udfs;

/** Exact derivatives of trained networks. Nothing below this package in this module knows Spark. */
package dev.tangents;

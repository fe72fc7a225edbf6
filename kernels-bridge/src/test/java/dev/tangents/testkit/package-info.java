/**
 * What the tests share: the table of primitives, the list of engines, random graphs, and
 * comparisons of arrays that have must-fail cases of their own.
 */
package dev.tangents.testkit;

/** Tests of the packaged program from the outside. */
package dev.tangents.it;

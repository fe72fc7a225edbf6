/** Functions of SQL, from a query's text to its rows. */
package dev.tangents.it.sql;

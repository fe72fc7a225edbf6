/**
 * Functions of SQL, from a query's text to its rows.
 *
 * <p>Start reading at {@link dev.tangents.it.sql.SqlQueriesIT}.
 */
package dev.tangents.it.sql;

/**
 * What DNS says about host names and addresses that rules speak of, kept fresh and within bounds.
 */
package dev.portcullis.agent.names;

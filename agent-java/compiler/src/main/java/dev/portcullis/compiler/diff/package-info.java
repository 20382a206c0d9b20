/**
 * What the step from one {@link dev.portcullis.compiler.Image} to another changes in verdicts: who
 * gains or loses access to what, as prefixes.
 */
package dev.portcullis.compiler.diff;

/** What Prometheus scrapes. */
package dev.portcullis.agent.metrics;

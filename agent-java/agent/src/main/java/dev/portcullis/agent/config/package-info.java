/** agent.yaml. */
package dev.portcullis.agent.config;

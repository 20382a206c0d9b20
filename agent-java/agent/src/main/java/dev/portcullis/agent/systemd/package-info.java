/** What systemd is told. */
package dev.portcullis.agent.systemd;

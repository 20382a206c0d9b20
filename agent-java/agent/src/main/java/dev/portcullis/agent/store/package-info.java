/** What an agent keeps over restarts: revisions of the objects, whole or not at all. */
package dev.portcullis.agent.store;

/** What the agent is asked to do: transactions on the objects, and questions about verdicts. */
package dev.portcullis.agent.control;

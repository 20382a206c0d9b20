/** The gRPC interface: sockets, services, and how refusals travel. */
package dev.portcullis.agent.server;

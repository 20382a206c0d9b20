// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import com.google.common.net.HostAndPort;
import dev.portcullis.agent.control.Author;
import dev.portcullis.agent.control.Refusal;
import dev.portcullis.dataplane.Session;
import dev.portcullis.policy.model.Address;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioChannelOption;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** Knows who makes the call that a thread answers. */
final class Callers implements ServerInterceptor {
    private static final Context.Key<Attributes> CONNECTION = Context.key("connection");

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return Contexts.interceptCall(
                Context.current().withValue(CONNECTION, call.getAttributes()), call, headers, next);
    }

    /**
     * Who makes the call of this thread.
     *
     * @throws Refusal if that can't be told any more
     */
    static Author current() {
        Attributes connection = CONNECTION.get();
        Channel socket = connection.get(PeerNegotiator.CONNECTION);
        return socket == null ? remote(connection) : local(socket);
    }

    /** The connection of the call of this thread; empty if it is not over the network. */
    static Optional<Session> connection() {
        Attributes connection = CONNECTION.get();
        if (connection.get(PeerNegotiator.CONNECTION) != null) {
            return Optional.empty();
        }
        InetSocketAddress local =
                (InetSocketAddress) connection.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR);
        InetSocketAddress remote =
                (InetSocketAddress) connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return Optional.of(
                new Session(
                        Address.of(local.getAddress()),
                        local.getPort(),
                        Address.of(remote.getAddress()),
                        remote.getPort()));
    }

    private static Author local(Channel socket) {
        UnixDomainPrincipal peer;
        try {
            peer =
                    socket.config()
                            .getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
        } catch (ChannelException e) {
            throw gone();
        }
        String name = peer.user().getName();
        return new Author(name, Users.uid(name), Author.SOCKET);
    }

    private static Author remote(Attributes connection) {
        SSLSession session = connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        InetSocketAddress address =
                (InetSocketAddress) connection.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        try {
            return new Author(
                    session.getPeerPrincipal().getName(),
                    OptionalInt.empty(),
                    HostAndPort.fromParts(address.getAddress().getHostAddress(), address.getPort())
                            .toString());
        } catch (SSLPeerUnverifiedException e) {
            throw gone();
        }
    }

    /** A change has an author, so one whose author went away is none. */
    private static Refusal gone() {
        return new Refusal(
                Refusal.Cause.UNAVAILABLE,
                "the connection ended before it was known who asks; nothing was changed");
    }
}

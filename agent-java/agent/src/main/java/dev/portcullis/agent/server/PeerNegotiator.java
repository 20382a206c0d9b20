// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import io.grpc.Attributes;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AsciiString;

/**
 * Begins connections of the socket in the file system, without TLS, and lets their calls know the
 * connection: all clients of it have the same address, which is empty, and the kernel tells who
 * they are only to who holds the connection.
 */
final class PeerNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
    /** The connection, in the attributes of its calls. */
    static final Attributes.Key<Channel> CONNECTION = Attributes.Key.create("connection");

    @Override
    public AsciiString scheme() {
        return AsciiString.of("http");
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        return InternalProtocolNegotiators.waitUntilActiveHandler(
                new Introduction(InternalProtocolNegotiators.grpcNegotiationHandler(grpc)),
                grpc.getNegotiationLogger());
    }

    @Override
    public void close() {}

    /** Adds the connection to what is known of it, and makes way. */
    private static final class Introduction extends ChannelInboundHandlerAdapter {
        private final ChannelHandler next;

        Introduction(ChannelHandler next) {
            this.next = next;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event)
                throws Exception {
            if (!(event instanceof ProtocolNegotiationEvent negotiated)) {
                super.userEventTriggered(context, event);
                return;
            }
            Attributes attributes =
                    InternalProtocolNegotiationEvent.getAttributes(negotiated).toBuilder()
                            .set(CONNECTION, context.channel())
                            .build();
            context.pipeline().replace(this, null, next);
            context.fireUserEventTriggered(
                    InternalProtocolNegotiationEvent.withAttributes(negotiated, attributes));
        }
    }
}

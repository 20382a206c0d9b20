// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.PortcullisGrpc;
import dev.portcullis.api.v1.PortcullisGrpc.PortcullisBlockingV2Stub;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A connection to the agent for the time of one command. */
final class AgentConnection implements AutoCloseable {
    /** Room for the violations of a refused push, which come in the trailing metadata. */
    static final int MAX_METADATA_BYTES = 8 << 20;

    /** The largest answer is a plan that names every object. */
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    /** An agent that neither answers nor hangs up. Transfers have no deadline. */
    private static final long DEADLINE_SECONDS = 60;

    /** What a command asks of the agent. */
    interface Call<T> {
        T on(PortcullisBlockingV2Stub agent) throws StatusException, InterruptedException;
    }

    private final AgentTarget target;
    private final EventLoopGroup events;
    private final ManagedChannel channel;

    private AgentConnection(AgentTarget target, EventLoopGroup events, ManagedChannel channel) {
        this.target = target;
        this.events = events;
        this.channel = channel;
    }

    /** Prepares a connection; it is made by the first call. */
    static AgentConnection to(AgentTarget target) {
        EventLoopGroup events =
                new MultiThreadIoEventLoopGroup(
                        1, new DefaultThreadFactory("agent", true), NioIoHandler.newFactory());
        NettyChannelBuilder builder =
                target instanceof AgentTarget.Network network
                        ? overTls(network)
                        : overSocket((AgentTarget.Socket) target);
        ManagedChannel channel =
                builder.eventLoopGroup(events)
                        .directExecutor()
                        .maxInboundMetadataSize(MAX_METADATA_BYTES)
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .disableRetry()
                        .build();
        return new AgentConnection(target, events, channel);
    }

    private static NettyChannelBuilder overSocket(AgentTarget.Socket socket) {
        return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket.path()))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .overrideAuthority("localhost")
                .usePlaintext();
    }

    private static NettyChannelBuilder overTls(AgentTarget.Network network) {
        return NettyChannelBuilder.forAddress(network.host(), network.port(), credentials(network))
                .channelType(NioSocketChannel.class);
    }

    private static ChannelCredentials credentials(AgentTarget.Network network) {
        for (Path file : new Path[] {network.ca(), network.certificate(), network.key()}) {
            if (!Files.isReadable(file)) {
                throw CommandFailure.refused(
                        file + " can't be read: name a PEM file that you may read");
            }
        }
        try {
            return TlsChannelCredentials.newBuilder()
                    .trustManager(network.ca().toFile())
                    .keyManager(network.certificate().toFile(), network.key().toFile())
                    .build();
        } catch (IOException e) {
            throw CommandFailure.refused("can't read the TLS files: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw CommandFailure.refused(notPem(network), e);
        }
    }

    private static String notPem(AgentTarget.Network network) {
        return "the TLS files are no certificates and key that belong together: check "
                + network.ca()
                + ", "
                + network.certificate()
                + " and "
                + network.key()
                + ", which must be PEM, the key in PKCS #8";
    }

    /** A short question. */
    <T> T ask(Call<T> call) {
        return run(agent -> call.on(agent.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)));
    }

    /** A transfer, which may take as long as it takes. */
    <T> T run(Call<T> call) {
        try {
            return call.on(PortcullisGrpc.newBlockingV2Stub(channel));
        } catch (StatusException e) {
            throw new CallErrors(target).failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallErrors(target).failure(Status.CANCELLED.withCause(e).asException());
        } catch (IllegalArgumentException e) {
            if (target instanceof AgentTarget.Network network) {
                throw CommandFailure.refused(notPem(network), e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import dev.portcullis.agent.config.AgentConfig;
import dev.portcullis.api.v1.PortcullisGrpc;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptors;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The sockets that the agent answers at: one in the file system, which directory and file
 * permissions guard, and one over TCP for clients with a certificate.
 */
public final class GrpcServers implements AutoCloseable {
    private static final String DIRECTORY_RIGHTS = "rwxr-x---";
    private static final String SOCKET_RIGHTS = "rw-rw----";
    private static final int THREADS = 8;
    private static final int SECONDS_TO_FINISH = 5;

    private final Path socket;
    private final EventLoopGroup events =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService calls = Executors.newFixedThreadPool(THREADS);
    private final HealthStatusManager health = new HealthStatusManager();

    /** Whether the file at {@code socket} is ours, and not another agent's. */
    private boolean bound;

    private final List<Server> servers = new ArrayList<>();

    private GrpcServers(Path socket) {
        this.socket = socket;
    }

    /**
     * @throws ServerException in a sentence, if a socket can't be had
     */
    public static GrpcServers start(AgentConfig config, BindableService service) {
        GrpcServers started = new GrpcServers(config.socket());
        try {
            started.listen(service);
            config.listener().ifPresent(listener -> started.listen(listener, service));
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
        started.health.setStatus(PortcullisGrpc.SERVICE_NAME, ServingStatus.SERVING);
        return started;
    }

    private void listen(BindableService service) {
        try {
            prepareDirectory();
            removeStale();
            start(
                    NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                            .channelType(NioServerDomainSocketChannel.class)
                            .protocolNegotiator(new PeerNegotiator()),
                    service);
            bound = true;
            // Until here the umask and the directory keep others out.
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(SOCKET_RIGHTS));
        } catch (IOException e) {
            throw new ServerException(
                    "can't listen at "
                            + socket
                            + " ("
                            + reason(e)
                            + "): give the agent's user the right to write in "
                            + socket.getParent()
                            + ", or set another \"socket\"",
                    e);
        }
    }

    private void prepareDirectory() throws IOException {
        if (!Files.isDirectory(socket.getParent())) {
            Files.createDirectories(
                    socket.getParent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(DIRECTORY_RIGHTS)));
        }
    }

    /** A socket that an agent left when it died; one that answers is another agent's. */
    private void removeStale() throws IOException {
        if (!Files.exists(socket)) {
            return;
        }
        try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            throw new ServerException(
                    "another process listens at "
                            + other.getRemoteAddress()
                            + ": end it first, or set another \"socket\"",
                    null);
        } catch (java.net.ConnectException e) {
            Files.delete(socket);
        }
    }

    private void listen(AgentConfig.Listener listener, BindableService service) {
        InetSocketAddress address = listener.address();
        try {
            ServerCredentials credentials =
                    TlsServerCredentials.newBuilder()
                            .keyManager(listener.certificate().toFile(), listener.key().toFile())
                            .trustManager(listener.clientCa().toFile())
                            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                            .build();
            start(
                    NettyServerBuilder.forAddress(address, credentials)
                            .channelType(NioServerSocketChannel.class),
                    service);
        } catch (IOException e) {
            throw new ServerException(
                    "can't listen at "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + " ("
                            + reason(e)
                            + "): set another \"listen\", or end what uses it",
                    e);
        } catch (IllegalArgumentException e) {
            throw new ServerException(
                    "the files of \"tls\" are no certificate and PKCS #8 key that belong together,"
                            + " or no certificates of an authority: check "
                            + listener.certificate()
                            + ", "
                            + listener.key()
                            + " and "
                            + listener.clientCa(),
                    e);
        }
    }

    private void start(NettyServerBuilder builder, BindableService service) throws IOException {
        servers.add(
                builder.bossEventLoopGroup(events)
                        .workerEventLoopGroup(events)
                        .executor(calls)
                        .addService(ServerInterceptors.intercept(service, new Callers()))
                        .addService(health.getHealthService())
                        .addService(ProtoReflectionServiceV1.newInstance())
                        .build()
                        .start());
    }

    private static String reason(IOException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    /** Answers what has begun, for some seconds, and nothing new. */
    @Override
    public void close() {
        health.enterTerminalState();
        servers.forEach(Server::shutdown);
        try {
            for (Server server : servers) {
                if (!server.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS)) {
                    server.shutdownNow();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        calls.shutdown();
        events.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        if (!bound) {
            return;
        }
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            // The next start takes it for stale.
            return;
        }
    }
}

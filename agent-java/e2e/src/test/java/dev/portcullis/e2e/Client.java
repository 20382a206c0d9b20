// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.ApplyOptions;
import dev.portcullis.api.v1.ApplyRequest;
import dev.portcullis.api.v1.ApplyResponse;
import dev.portcullis.api.v1.PortcullisGrpc;
import dev.portcullis.policy.transfer.ObjectParts;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A gRPC client of a daemon's socket. */
public final class Client implements AutoCloseable {
    private final EventLoopGroup events =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ManagedChannel channel;

    public Client(Path socket) {
        channel =
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                        .eventLoopGroup(events)
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .build();
    }

    public PortcullisGrpc.PortcullisBlockingV2Stub portcullis() {
        return PortcullisGrpc.newBlockingV2Stub(channel);
    }

    /** One transaction of these objects. */
    ApplyResponse apply(ApplyOptions options, List<Message> objects)
            throws StatusException, InterruptedException {
        BlockingClientCall<ApplyRequest, ApplyResponse> call = portcullis().apply();
        call.write(ApplyRequest.newBuilder().setOptions(options).build());
        for (Message object : objects) {
            ObjectParts.send(
                    object, part -> call.write(ApplyRequest.newBuilder().setObject(part).build()));
        }
        call.halfClose();
        return call.read();
    }

    String health(String service) throws StatusException {
        return HealthGrpc.newBlockingV2Stub(channel)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus()
                .name();
    }

    List<String> services() throws StatusException, InterruptedException {
        BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call =
                ServerReflectionGrpc.newBlockingV2Stub(channel).serverReflectionInfo();
        call.write(ServerReflectionRequest.newBuilder().setListServices("").build());
        call.halfClose();
        return call.read().getListServicesResponse().getServiceList().stream()
                .map(ServiceResponse::getName)
                .toList();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        events.shutdownGracefully().syncUninterruptibly();
    }
}

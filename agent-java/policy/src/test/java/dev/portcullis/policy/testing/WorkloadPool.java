// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.model.Workload.CgroupPath;
import dev.portcullis.policy.model.Workload.Unit;
import java.util.List;
import java.util.Map;

/**
 * Workloads of a host whose units nest, one of which exists twice, and one of which is named by its
 * unit and by its path.
 */
final class WorkloadPool {
    private static final Workload SYSTEM = new Unit("system.slice");
    private static final Workload NGINX = new Unit("nginx.service");
    private static final Workload NGINX_PATH = new CgroupPath("/system.slice/nginx.service");
    private static final Workload USER = new CgroupPath("/user.slice");
    private static final Workload APP = new Unit("app.slice");

    private static final Map<Workload, List<Cgroup>> CGROUPS =
            Map.of(
                    SYSTEM, List.of(new Cgroup(101, "/system.slice")),
                    NGINX, List.of(new Cgroup(102, "/system.slice/nginx.service")),
                    NGINX_PATH, List.of(new Cgroup(102, "/system.slice/nginx.service")),
                    USER, List.of(new Cgroup(103, "/user.slice")),
                    APP,
                            List.of(
                                    new Cgroup(
                                            104,
                                            "/user.slice/user-1.slice/user@1.service/app.slice"),
                                    new Cgroup(
                                            105,
                                            "/user.slice/user-2.slice/user@2.service/app.slice")));

    private static final List<List<Workload>> SENDERS =
            List.of(
                    List.of(),
                    List.of(SYSTEM),
                    List.of(NGINX, NGINX_PATH, SYSTEM),
                    List.of(USER),
                    List.of(APP, USER));

    private final Draw draw;

    WorkloadPool(Draw draw) {
        this.draw = draw;
    }

    Map<Workload, List<Cgroup>> cgroups() {
        return CGROUPS;
    }

    Workload workload() {
        return draw.oneOf(List.of(SYSTEM, NGINX, NGINX_PATH, USER, APP));
    }

    /** What a process is inside, the deepest first. */
    List<Workload> sender() {
        return draw.oneOf(SENDERS);
    }
}

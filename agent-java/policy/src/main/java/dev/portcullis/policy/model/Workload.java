// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/**
 * Processes of this host, by a word that stands for cgroups at each moment: a process belongs to it
 * that is in one of those, or in one below.
 */
public sealed interface Workload {
    /**
     * A systemd unit. There can be several of its name, one a user's manager.
     *
     * @param name such as {@code nginx.service}
     */
    record Unit(String name) implements Workload {
        @Override
        public String toString() {
            return "unit " + name;
        }
    }

    /**
     * A cgroup by its place.
     *
     * @param path absolute below the root of cgroup v2, such as {@code /system.slice/nginx.service}
     */
    record CgroupPath(String path) implements Workload {
        @Override
        public String toString() {
            return "cgroup " + path;
        }
    }
}

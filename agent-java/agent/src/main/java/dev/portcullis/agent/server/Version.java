// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

/** The version of this build. */
public final class Version {
    private Version() {}

    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}

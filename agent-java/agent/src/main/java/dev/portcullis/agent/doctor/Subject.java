// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

/** What findings are about, in the order in which they are told. */
public enum Subject {
    CONFIGURATION,
    KERNEL,
    LIBRARIES,
    RIGHTS,
    DIRECTORIES,
    INTERFACES,
    CLOCK;

    Finding ok(String check, String found) {
        return new Finding(this, check, Result.OK, found, "");
    }

    Finding warning(String check, String found, String remedy) {
        return new Finding(this, check, Result.WARNING, found, remedy);
    }

    Finding failed(String check, String found, String remedy) {
        return new Finding(this, check, Result.FAILED, found, remedy);
    }

    Finding unknown(String check, String found, String remedy) {
        return new Finding(this, check, Result.UNKNOWN, found, remedy);
    }

    /** What only root may look at. */
    Finding hidden(String check, String found) {
        return unknown(check, found, "ask as root: sudo portcullis doctor");
    }
}

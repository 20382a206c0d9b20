// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/**
 * A CIDR: all addresses whose first {@code length} bits are those of {@code network}.
 *
 * @param network the lowest address of the prefix; its host bits are zero
 * @param length 0 to {@link Family#bits()}
 */
public record Prefix(Address network, int length) implements Comparable<Prefix>, Peers {
    public Prefix {
        if (length < 0 || length > network.family().bits()) {
            throw new IllegalArgumentException(
                    "prefix length " + length + " is not 0 to " + network.family().bits());
        }
        if (!masked(network, length).equals(network)) {
            throw new IllegalArgumentException(network + "/" + length + " has host bits set");
        }
    }

    /** The prefix of this length that holds the address. */
    public static Prefix of(Address address, int length) {
        return new Prefix(masked(address, length), length);
    }

    /** The prefix that holds just this address. */
    public static Prefix of(Address address) {
        return new Prefix(address, address.family().bits());
    }

    /** {@code 0.0.0.0/0} or {@code ::/0}. */
    public static Prefix all(Family family) {
        return new Prefix(new Address(family, 0, 0), 0);
    }

    public Family family() {
        return network.family();
    }

    public boolean contains(Address address) {
        return address.family() == family() && masked(address, length).equals(network);
    }

    public boolean contains(Prefix other) {
        return other.length >= length && contains(other.network);
    }

    private static Address masked(Address address, int length) {
        if (address.family() == Family.IPV4) {
            return new Address(Family.IPV4, 0, address.low() & ones(length + 32));
        }
        return new Address(
                Family.IPV6, address.high() & ones(length), address.low() & ones(length - 64));
    }

    /** A word whose first {@code count} bits are set, of 64; all or none outside that range. */
    public static long ones(int count) {
        return count <= 0 ? 0 : count >= 64 ? -1L : -1L << (64 - count);
    }

    /**
     * By family, then network as an unsigned number, then length: a prefix follows those that hold
     * it.
     */
    @Override
    public int compareTo(Prefix other) {
        int order = family().compareTo(other.family());
        if (order == 0) {
            order = Long.compareUnsigned(network.high(), other.network.high());
        }
        if (order == 0) {
            order = Long.compareUnsigned(network.low(), other.network.low());
        }
        return order != 0 ? order : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return network + "/" + length;
    }
}

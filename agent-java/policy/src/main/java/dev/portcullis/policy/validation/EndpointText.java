// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.util.regex.Pattern;

/**
 * How private endpoints are written. What is not written so is refused with an {@link
 * IllegalArgumentException}, whose message says what would be right.
 */
public final class EndpointText {
    /** AWS: eight digits in old ids, seventeen in new ones. */
    private static final Pattern VPC_ENDPOINT = Pattern.compile("vpce-([0-9a-f]{8}|[0-9a-f]{17})");

    /** Azure's rule for names of private endpoints. */
    private static final Pattern AZURE_NAME =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?");

    private static final Pattern GUID =
            Pattern.compile("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

    private EndpointText() {}

    /** The id of a VPC endpoint of AWS. */
    public static Peers.Endpoint vpce(String id) {
        if (!VPC_ENDPOINT.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    Quoted.of(id) + " is not the id of a VPC endpoint; write such as " + vpce());
        }
        return new Peers.Endpoint(PrivateEndpoint.aws(id));
    }

    /** An id for example. */
    static String vpce() {
        return "vpce-08d2bf15fac5001c9";
    }

    /** A connection id of GCP Private Service Connect. */
    public static Peers.Endpoint gcp(String id) {
        try {
            return new Peers.Endpoint(PrivateEndpoint.gcp(Long.parseUnsignedLong(id)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    Quoted.of(id)
                            + " is not a PSC connection id; write an unsigned number of 64 bits,"
                            + " such as "
                            + gcp(),
                    e);
        }
    }

    /** An id for example. */
    static String gcp() {
        return "18446744072646845332";
    }

    /** The name of a private endpoint of Azure, as it is. */
    public static String azureName(String name) {
        if (!AZURE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    Quoted.of(name)
                            + " is not the name of a private endpoint; write the one that Azure"
                            + " has: 1 to 80 letters, digits, \"_\", \".\" and \"-\", with a letter"
                            + " or digit first and one of those or \"_\" last");
        }
        return name;
    }

    /** The resource GUID of a private endpoint of Azure, as it is. */
    public static String guid(String guid) {
        if (!isGuid(guid)) {
            throw new IllegalArgumentException(
                    Quoted.of(guid)
                            + " is not a GUID; write the private endpoint's resource GUID, such as"
                            + " 7c0f05e4-e32b-4b10-a246-7b77f7dcc63c");
        }
        return guid;
    }

    /** Whether it is written as a GUID is. */
    public static boolean isGuid(String text) {
        return GUID.matcher(text).matches();
    }
}

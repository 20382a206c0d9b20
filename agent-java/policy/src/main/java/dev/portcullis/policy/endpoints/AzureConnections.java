// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.endpoints;

import com.google.common.base.Utf8;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Findings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The private endpoints that are connected to private link services of Azure, with their link
 * identifiers, from what Azure exports: a service ({@code az network private-link-service show}), a
 * list of them, or a list of connections, each as the command line or the interface tells it.
 */
public final class AzureConnections {
    private static final String REMEDY =
            "put there what \"az network private-link-service show -g GROUP -n NAME -o json\" prints";
    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final Pattern POSITION = Pattern.compile("at line (\\d+) column (\\d+)");

    private final Findings findings;
    private final Map<Peers.AzureEndpoint, PrivateEndpoint> endpoints = new HashMap<>();
    private final Set<Peers.AzureEndpoint> contradictory = new HashSet<>();
    private int leftOut;

    private AzureConnections(String file) {
        findings = new Findings(file);
    }

    /**
     * Which link identifier each private endpoint has. Connections that don't say are left out,
     * with a warning.
     *
     * @param file its path, which violations and warnings begin with
     * @param content UTF-8
     */
    public static Checked<Map<Peers.AzureEndpoint, PrivateEndpoint>> read(
            String file, byte[] content) {
        AzureConnections connections = new AzureConnections(file);
        connections.parse(content).ifPresent(connections::document);
        return connections.findings.checked(() -> Map.copyOf(connections.endpoints));
    }

    private Optional<JsonElement> parse(byte[] content) {
        if (!Utf8.isWellFormed(content)) {
            return refused("", "is not UTF-8 text");
        }
        String text = new String(content, StandardCharsets.UTF_8);
        JsonReader reader =
                new JsonReader(
                        new StringReader(
                                text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text));
        reader.setStrictness(Strictness.STRICT);
        try {
            JsonElement document = JsonParser.parseReader(reader);
            // Throws if it goes on after its end.
            var unused = reader.peek();
            return Optional.of(document);
        } catch (JsonParseException | IOException e) {
            Matcher position = POSITION.matcher(String.valueOf(e.getMessage()));
            return refused(
                    position.find()
                            ? "line " + position.group(1) + ", column " + position.group(2)
                            : "",
                    "is not JSON");
        }
    }

    private Optional<JsonElement> refused(String place, String problem) {
        findings.violation(place, problem + "; " + REMEDY);
        return Optional.empty();
    }

    private void document(JsonElement document) {
        if (document.isJsonArray()) {
            list(document, "");
        } else if (document instanceof JsonObject object && object.has("value")) {
            // A list as the interface answers with it.
            list(object.get("value"), "value");
        } else {
            item(document, "");
        }
        if (endpoints.isEmpty() && findings.violations().isEmpty()) {
            refused(
                    "",
                    leftOut == 0
                            ? "has no private endpoint connections"
                            : "has no private endpoint connection that tells name, GUID and"
                                    + " linkIdentifier");
        }
    }

    private void list(JsonElement list, String path) {
        if (list instanceof JsonArray items) {
            for (int i = 0; i < items.size(); i++) {
                item(items.get(i), path + "[" + i + "]");
            }
        } else {
            refused(path, "is not a list");
        }
    }

    /** A service or a connection. */
    private void item(JsonElement item, String path) {
        if (!(item instanceof JsonObject object)) {
            refused(path, "is not an object");
            return;
        }
        String nested = "privateEndpointConnections";
        AzureConnection connection = new AzureConnection(object);
        Optional<JsonElement> connections = AzureConnection.member(object, nested);
        if (connections.isPresent()) {
            String place = object.has(nested) ? nested : "properties." + nested;
            list(connections.get(), path.isEmpty() ? place : path + "." + place);
        } else if (AzureConnection.member(object, "linkIdentifier").isPresent()
                || AzureConnection.member(object, "privateEndpoint").isPresent()) {
            connection(connection, path);
        } else if (path.isEmpty()) {
            refused(path, "has no privateEndpointConnections");
        } else {
            leaveOut(connection, path, "is no private link service or private endpoint connection");
        }
    }

    private void connection(AzureConnection connection, String path) {
        try {
            add(connection.endpoint(), connection.link());
        } catch (IllegalArgumentException e) {
            leaveOut(connection, path, e.getMessage());
        }
    }

    private void add(Peers.AzureEndpoint endpoint, PrivateEndpoint link) {
        PrivateEndpoint earlier = endpoints.putIfAbsent(endpoint, link);
        if (contradictory.contains(endpoint) || (earlier != null && !earlier.equals(link))) {
            endpoints.remove(endpoint);
            contradictory.add(endpoint);
            throw new IllegalArgumentException(
                    "has the linkIdentifier "
                            + link
                            + ", and another one before; none of them is believed");
        }
    }

    private void leaveOut(AzureConnection connection, String path, String problem) {
        leftOut++;
        findings.warning(
                "connections that are left out",
                path,
                connection.label() + problem + "; it is left out");
    }
}

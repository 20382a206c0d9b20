// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.endpoints;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.validation.EndpointText;
import dev.portcullis.policy.validation.Quoted;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A connection of a private link service, as Azure tells it. Azure names it by the private endpoint
 * and its resource GUID, {@code NAME.GUID}; what {@code privateEndpoint} says is believed first.
 * The command line puts what the interface has below {@code properties} beside {@code name}.
 */
final class AzureConnection {
    private static final Pattern NAME = Pattern.compile("(.+)\\.([^.]+)");
    private static final Pattern ENDPOINT_ID =
            Pattern.compile(".*/privateEndpoints/([^/]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern LINK = Pattern.compile("\\d{1,10}");

    private final JsonObject json;
    private final String name;

    AzureConnection(JsonObject json) {
        this.json = json;
        this.name = text(json, "name").orElse("");
    }

    /** What sentences about it begin with: its name, if it has one. */
    String label() {
        return name.isEmpty() ? "" : Quoted.of(name) + ": ";
    }

    /**
     * Whom it is of.
     *
     * @throws IllegalArgumentException if it does not say, with what it lacks
     */
    Peers.AzureEndpoint endpoint() {
        JsonObject endpoint =
                member(json, "privateEndpoint")
                        .filter(JsonElement::isJsonObject)
                        .map(JsonElement::getAsJsonObject)
                        .orElseGet(JsonObject::new);
        Matcher parts = NAME.matcher(name);
        boolean named = parts.matches() && EndpointText.isGuid(parts.group(2));
        Optional<String> guid =
                text(endpoint, "resourceGuid")
                        .or(() -> named ? Optional.of(parts.group(2)) : Optional.empty());
        Optional<String> of =
                text(endpoint, "id")
                        .map(ENDPOINT_ID::matcher)
                        .filter(Matcher::matches)
                        .map(id -> id.group(1))
                        .or(() -> named ? Optional.of(parts.group(1)) : Optional.empty());
        return new Peers.AzureEndpoint(
                EndpointText.azureName(of.orElseThrow(() -> lacks("name"))),
                EndpointText.guid(guid.orElseThrow(() -> lacks("resource GUID"))));
    }

    private static IllegalArgumentException lacks(String what) {
        return new IllegalArgumentException(
                "does not tell the "
                        + what
                        + " of its private endpoint, since it is not named NAME.GUID");
    }

    /**
     * What load balancers tell of it.
     *
     * @throws IllegalArgumentException if it does not say
     */
    PrivateEndpoint link() {
        String link =
                text(json, "linkIdentifier")
                        .orElseThrow(() -> new IllegalArgumentException("has no linkIdentifier"));
        if (!LINK.matcher(link).matches() || Long.parseLong(link) >>> 32 != 0) {
            throw new IllegalArgumentException(
                    "has the linkIdentifier "
                            + Quoted.of(link)
                            + ", which is no number of 32 bits");
        }
        return PrivateEndpoint.azure(Long.parseLong(link));
    }

    private static Optional<String> text(JsonObject object, String name) {
        return member(object, name)
                .filter(JsonElement::isJsonPrimitive)
                .map(JsonElement::getAsString);
    }

    /** A member of the object, or of its {@code properties}. */
    static Optional<JsonElement> member(JsonObject object, String name) {
        return Stream.of(object, object.get("properties"))
                .filter(JsonObject.class::isInstance)
                .map(place -> ((JsonObject) place).get(name))
                .filter(value -> value != null && !value.isJsonNull())
                .findFirst();
    }
}

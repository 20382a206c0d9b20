// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;

/**
 * Judges by an image as the kernel program does, with slow look-ups: for tests of the compiler
 * alone.
 */
public final class ImageJudge {
    private final Image image;

    public ImageJudge(Image image) {
        this.image = image;
    }

    /**
     * @param portEntry the packet's place in {@link Image#portClasses()}
     */
    public Decision judge(
            String interfaceName, Address source, Address destination, int portEntry) {
        int group =
                longestMatch(
                        destination.family() == Family.IPV4 ? image.locals4() : image.locals6(),
                        destination);
        int interfaceClass = image.interfaceClasses().getOrDefault(interfaceName, 0);
        int cell = (group * image.interfaceClassCount() + interfaceClass) * image.columns();
        if (group == 0) {
            return DecisionIds.FIXED.get(2);
        }
        int row = image.cells().get(cell + image.portClasses().get(portEntry));
        if (row == 0) {
            return DecisionIds.FIXED.get(2);
        }
        Image.Row found = image.rows().get(row);
        int decision = found.decision();
        if (decision == 0) {
            PrefixTable sources =
                    source.family() == Family.IPV4 ? image.sources4() : image.sources6();
            decision = image.verdicts().get(found.verdicts() + longestMatch(sources, source));
        }
        int number = decision & Image.NUMBER;
        Decision fixed = DecisionIds.FIXED.get(number);
        return fixed != null ? fixed : image.decisions().byNumber().get(number);
    }

    private static int longestMatch(PrefixTable table, Address address) {
        int length = -1;
        int value = 0;
        for (int row = 0; row < table.size(); row++) {
            Prefix prefix = table.prefix(row);
            if (prefix.contains(address) && prefix.length() > length) {
                length = prefix.length();
                value = table.value(row);
            }
        }
        return value;
    }
}

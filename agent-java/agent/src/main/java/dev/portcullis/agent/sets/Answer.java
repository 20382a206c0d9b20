// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

/** What a source says when it is asked. */
sealed interface Answer {
    /** It is as it was. */
    record Unchanged() implements Answer {}

    /** It is now this. */
    final class Content implements Answer {
        private final byte[] bytes;
        private final Validators validators;

        /**
         * @param bytes not to be changed
         */
        Content(byte[] bytes, Validators validators) {
            this.bytes = bytes;
            this.validators = validators;
        }

        byte[] bytes() {
            return bytes;
        }

        Validators validators() {
            return validators;
        }
    }
}

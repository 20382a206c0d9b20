// SPDX-License-Identifier: Apache-2.0
/**
 * The verdict written down to be obviously right: a list and a loop; and the header of PROXY
 * protocol, read in the same spirit. They share nothing with the compiler and the kernel, which are
 * tested against them.
 */
package dev.portcullis.policy.reference;

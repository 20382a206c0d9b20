// SPDX-License-Identifier: Apache-2.0
/** Private endpoints that rules name by something else than what load balancers tell. */
package dev.portcullis.agent.endpoints;
